import * as l10n from '@vscode/l10n';
import { countText, numberText } from '../format.ts';
import { Icon } from '../icons.tsx';
import type { Statistics } from '../schemas.ts';

interface StatisticsTableProps {
  /** Absent for a side that is not there, or cannot be read as numbers. */
  readonly a: Statistics | undefined;
  readonly b: Statistics | undefined;
}

/** The figures of a tensor before and after. What should not be there stands out. */
export function StatisticsTable({ a, b }: StatisticsTableProps) {
  const figure = (name: string, of: (statistics: Statistics) => number | undefined) => ({
    name,
    a: a && of(a),
    b: b && of(b),
    text: (value: number) => numberText(value, 5),
    isBad: false,
  });
  const count = (name: string, of: (statistics: Statistics) => number, isBad = false) => ({
    ...figure(name, of),
    text: countText,
    isBad: isBad && (b ? of(b) : 0) > 0,
  });
  const rows = [
    figure(l10n.t('Min'), ({ min }) => min),
    figure(l10n.t('Max'), ({ max }) => max),
    figure(l10n.t('Mean'), ({ mean }) => mean),
    figure(l10n.t('Std. deviation'), ({ standardDeviation }) => standardDeviation),
    figure(l10n.t('L2 norm'), ({ norm }) => norm),
    count(l10n.t('Zeros'), ({ zeros }) => zeros),
    count(l10n.t('NaN'), ({ nan }) => nan, true),
    count(
      l10n.t('Infinite'),
      ({ positiveInfinity, negativeInfinity }) => positiveInfinity + negativeInfinity,
      true,
    ),
  ];
  return (
    <section class="block">
      <h3>{l10n.t('Statistics')}</h3>
      <table class="changes numbers">
        <thead>
          <tr>
            <td />
            <th scope="col">{l10n.t('Before')}</th>
            <th scope="col">{l10n.t('After')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, a, b, text, isBad }) => (
            <tr key={name} class={isBad ? 'alarm' : undefined}>
              <th scope="row">{name}</th>
              <td>{a === undefined ? '–' : text(a)}</td>
              <td class={a === b ? 'muted' : undefined}>
                {isBad && <Icon name="warning" />}
                {b === undefined ? '–' : text(b)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
