import { largest } from '../tables.ts';

interface BarsProps {
  readonly label: string;
  readonly items: readonly { readonly name: string; readonly value: number; readonly text: string }[];
  /** What is chosen, where the bars can be. */
  readonly pressed?: string;
  press?(name: string): void;
}

/** Figures with names as bars, in the order given. The numbers are there as text too. */
export function Bars({ label, items, pressed, press }: BarsProps) {
  const most = largest(items.map(({ value }) => value)) || 1;
  const bar = (value: number) => (
    <span class="bar" aria-hidden="true">
      <span style={{ width: `${(Math.max(0, value) / most) * 100}%` }} />
    </span>
  );
  return (
    <ul class="bars" aria-label={label}>
      {items.map(({ name, value, text }) => (
        <li key={name}>
          {press ? (
            <button aria-pressed={name === pressed} onClick={() => press(name)}>
              <span class="label" title={name}>
                {name}
              </span>
              {bar(value)}
              <span class="number">{text}</span>
            </button>
          ) : (
            <div>
              <span class="label" title={name}>
                {name}
              </span>
              {bar(value)}
              <span class="number">{text}</span>
            </div>
          )}
        </li>
      ))}
    </ul>
  );
}
