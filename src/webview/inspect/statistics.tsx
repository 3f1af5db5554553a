import { fill } from '../l10n.ts';
import { Icon } from '../icons.tsx';
import { countText, exactText, numberText, shareText } from '../format.ts';
import type { Statistics } from '../schemas.ts';
import { usePage } from './page.ts';

/** The figures of a tensor. What should not be there stands out. */
export function StatisticsTable({ statistics }: { statistics: Statistics }) {
  const { strings, copy } = usePage();
  const { count, zeros, nan, positiveInfinity, negativeInfinity } = statistics;
  const figures: readonly (readonly [string, number | undefined])[] = [
    [strings.min, statistics.min],
    [strings.max, statistics.max],
    [strings.mean, statistics.mean],
    [strings.standardDeviation, statistics.standardDeviation],
    [strings.norm, statistics.norm],
  ];
  const infinite = positiveInfinity + negativeInfinity;
  const part = (some: number): string =>
    count === 0 || some === 0
      ? countText(some)
      : fill(strings.ofAll, countText(some), shareText(some / count));
  return (
    <section class="block" aria-label={strings.statistics}>
      <div class="block-head">
        <h3>{strings.statistics}</h3>
        <button
          class="icon-button"
          aria-label={strings.copyJson}
          title={strings.copyJson}
          onClick={() => copy(`${JSON.stringify(statistics, null, 2)}\n`)}
        >
          <Icon name="copy" />
        </button>
      </div>
      <dl class="figures">
        {figures.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd title={value === undefined ? strings.noNumbers : exactText(value)}>
              {value === undefined ? '–' : numberText(value)}
            </dd>
          </div>
        ))}
        <div>
          <dt>{strings.zeros}</dt>
          <dd>{part(zeros)}</dd>
        </div>
        <Alarm name={strings.nan} count={nan} text={part(nan)} />
        <Alarm name={strings.infinite} count={infinite} text={part(infinite)} />
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
