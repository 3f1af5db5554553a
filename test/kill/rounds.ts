/** How often something is killed or done at once: so often in every run, and more now and then with `MODELTRAIL_KILL_ROUNDS=1000`. */
export function roundsOr(everyRun: number): number {
  return Number(process.env['MODELTRAIL_KILL_ROUNDS'] ?? everyRun);
}
