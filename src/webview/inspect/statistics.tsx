import * as l10n from '@vscode/l10n';
import { Icon } from '../icons.tsx';
import { countText, exactText, numberText, shareText } from '../format.ts';
import type { Statistics } from '../schemas.ts';
import { usePage } from './page.ts';

/** The figures of a tensor. What should not be there stands out. */
export function StatisticsTable({ statistics }: { statistics: Statistics }) {
  const { copy } = usePage();
  const { count, zeros, nan, positiveInfinity, negativeInfinity } = statistics;
  const figures: readonly (readonly [string, number | undefined])[] = [
    [l10n.t('Min'), statistics.min],
    [l10n.t('Max'), statistics.max],
    [l10n.t('Mean'), statistics.mean],
    [l10n.t('Std. deviation'), statistics.standardDeviation],
    [l10n.t('L2 norm'), statistics.norm],
  ];
  const infinite = positiveInfinity + negativeInfinity;
  const part = (some: number): string =>
    count === 0 || some === 0
      ? countText(some)
      : l10n.t('{0} ({1})', countText(some), shareText(some / count));
  return (
    <section class="block" aria-label={l10n.t('Statistics')}>
      <div class="block-head">
        <h3>{l10n.t('Statistics')}</h3>
        <button
          class="icon-button"
          aria-label={l10n.t('Copy as JSON')}
          title={l10n.t('Copy as JSON')}
          onClick={() => copy(`${JSON.stringify(statistics, null, 2)}\n`)}
        >
          <Icon name="copy" />
        </button>
      </div>
      <dl class="figures">
        {figures.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd title={value === undefined ? l10n.t('There is no finite number here.') : exactText(value)}>
              {value === undefined ? '–' : numberText(value)}
            </dd>
          </div>
        ))}
        <div>
          <dt>{l10n.t('Zeros')}</dt>
          <dd>{part(zeros)}</dd>
        </div>
        <Alarm name={l10n.t('NaN')} count={nan} text={part(nan)} />
        <Alarm name={l10n.t('Infinite')} count={infinite} text={part(infinite)} />
      </dl>
    </section>
  );
}

function Alarm({ name, count, text }: { name: string; count: number; text: string }) {
  return (
    <div class={count > 0 ? 'alarm' : undefined}>
      <dt>{name}</dt>
      <dd>
        {count > 0 && <Icon name="warning" />}
        {text}
      </dd>
    </div>
  );
}
