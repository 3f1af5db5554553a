/** Less than a millionth is as good as nothing. */
const least = -6;

/** A relative L2 from 0 to 1 on a scale of powers of ten, of which what is there is never 0. */
export function magnitude(relativeL2: number): number {
  if (relativeL2 === 0) return 0;
  return Math.min(1, Math.max(0.06, 1 - Math.log10(relativeL2) / least));
}

/** From the one end of the scale to the other in colours. */
export function magnitudeColor(at: number): string {
  const [low, middle] = ['var(--vscode-charts-blue)', 'var(--vscode-charts-purple)'] as const;
  return at < 0.5 ? mix(low, middle, 2 * at) : mix(middle, 'var(--mt-orange)', 2 * at - 1);
}

function mix(from: string, to: string, share: number): string {
  return `color-mix(in srgb, ${to} ${Math.round(share * 100)}%, ${from})`;
}
