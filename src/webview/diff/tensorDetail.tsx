import * as l10n from '@vscode/l10n';
import { useState } from 'preact/hooks';
import { isComplex } from '../../core/complexType.ts';
import type { TensorEntry } from '../../diff/tensorsDiff.ts';
import { Detail } from '../detail.tsx';
import { bytesText, countText, numberText, shareText } from '../format.ts';
import { InlineFailure } from '../inlineFailure.tsx';
import { Reading } from '../reading.tsx';
import { useCall, valueOf } from '../useCall.ts';
import { BothHistogramsChart } from './histograms.tsx';
import { usePage } from './page.ts';
import { StatisticsTable } from './statistics.tsx';
import { cosineText } from './tensorColumns.tsx';
import { keyOf, nameOf } from './tensorTree.ts';
import { kindText, statusWord } from './words.ts';

/** Up to here a pair is read as soon as it is chosen, in bytes. */
const readAtOnce = 128 * 2 ** 20;

interface TensorDetailProps {
  readonly entry: TensorEntry;
  close(): void;
}

/** One tensor before and after. */
export function TensorDetail({ entry, close }: TensorDetailProps) {
  const { sides, copy } = usePage();
  const { a, b } = entry;
  const name = nameOf(entry);
  const bytes = (a?.byteLength ?? (a?.elements ?? 0) * 8) + (b?.byteLength ?? (b?.elements ?? 0) * 8);
  const [asked, setAsked] = useState('');
  return (
    <Detail
      name={name}
      copy={{ label: l10n.t('Copy Name'), act: () => copy(name) }}
      close={{ label: l10n.t('Close'), act: close }}
    >
      <Facts entry={entry} />
      {entry.reason !== undefined && <p class="obstacle muted">{entry.reason}</p>}
      {bytes <= readAtOnce || asked === sides.stamp ? (
        <Numbers entry={entry} />
      ) : (
        <button class="button" onClick={() => setAsked(sides.stamp)}>
          {l10n.t('Read {0} for the Histograms', bytesText(bytes))}
        </button>
      )}
    </Detail>
  );
}

function Facts({ entry }: { entry: TensorEntry }) {
  const { a, b, difference, renamed, transposed } = entry;
  const number = (value: number | undefined): string => (value === undefined ? '–' : numberText(value, 5));
  const facts: readonly (readonly [string, string] | undefined)[] = [
    [l10n.t('Status'), statusWord(entry)],
    renamed && a ? [l10n.t('Name before'), a.name] : undefined,
    a && b && kindText(a) !== kindText(b) ? [l10n.t('Before'), kindText(a)] : undefined,
    b
      ? [a && kindText(a) !== kindText(b) ? l10n.t('After') : l10n.t('Type and shape'), kindText(b)]
      : a && [l10n.t('Type and shape'), kindText(a)],
    transposed ? [l10n.t('Compared'), l10n.t('with the transpose')] : undefined,
    difference && [l10n.t('Relative L2'), number(difference.relativeL2)],
    difference && [l10n.t('Cosine'), cosineText(difference.cosine, 6) || '–'],
    difference && [
      l10n.t('Elements changed'),
      l10n.t(
        '{0} of {1} ({2})',
        countText(difference.changed),
        countText(difference.elements),
        shareText(difference.changed / difference.elements),
      ),
    ],
    difference?.maxAbsolute === undefined
      ? undefined
      : [
          l10n.t('Largest change'),
          difference.maxAt && difference.maxAt.length > 0
            ? l10n.t('{0} at [{1}]', number(difference.maxAbsolute), difference.maxAt.join(', '))
            : number(difference.maxAbsolute),
        ],
  ];
  return (
    <dl class="pairs">
      {facts.map(
        (fact) =>
          fact && (
            <div key={fact[0]}>
              <dt>{fact[0]}</dt>
              <dd title={fact[1]}>{fact[1]}</dd>
            </div>
          ),
      )}
    </dl>
  );
}

/** What the elements of both say. */
function Numbers({ entry }: { entry: TensorEntry }) {
  const { host, sides } = usePage();
  const [attempt, setAttempt] = useState(0);
  const { current, cancel } = useCall(
    (operation) => host.client.run(operation, 'tensor', { a: entry.a?.name, b: entry.b?.name }),
    `${sides.stamp} ${attempt}`,
    keyOf(entry),
  );
  const found = valueOf(current);
  const obstacles = [...new Set([found?.a?.obstacle, found?.b?.obstacle])].filter(
    (obstacle) => obstacle !== undefined && obstacle !== entry.reason,
  );
  return (
    <>
      {current.state === 'running' && (
        <Reading progress={current.progress} quiet={found !== undefined} cancel={cancel} />
      )}
      {current.state === 'failed' && (
        <InlineFailure
          message={current.code === 'cancelled' ? l10n.t('Cancelled') : current.message}
          retry={{ label: l10n.t('Try Again'), act: () => setAttempt(attempt + 1) }}
        />
      )}
      {obstacles.map((obstacle) => (
        <p key={obstacle} class="obstacle muted">
          {obstacle}
        </p>
      ))}
      {found && [entry.a, entry.b].some((side) => side && isComplex(side.dtype)) && (
        <p class="muted">{l10n.t('The elements are complex: these are their magnitudes.')}</p>
      )}
      {found?.histogram && <BothHistogramsChart histograms={found.histogram} />}
      {(found?.a?.statistics ?? found?.b?.statistics) && (
        <StatisticsTable a={found?.a?.statistics} b={found?.b?.statistics} />
      )}
    </>
  );
}
