import * as l10n from '@vscode/l10n';
import { useState } from 'preact/hooks';
import type { Alarm, ModelDiff } from '../../diff/modelDiff.ts';
import { verdictSentence } from '../../diff/verdictSentence.ts';
import { countText, inLanguage } from '../format.ts';
import { Icon } from '../icons.tsx';
import { isSameWeights, isUnchanged } from './state.ts';

/** The whole in one sentence, and what hardly anybody means to happen. */
export function Verdict({ diff }: { diff: ModelDiff }) {
  const { verdict, notes, tensors } = diff;
  return (
    <>
      {isUnchanged(diff) ? (
        <Unchanged diff={diff} />
      ) : (
        <div class="verdict">
          {isSameWeights(diff) && (
            <p class="state">
              <Icon name="pass" />
              <span>
                {tensors.entries.length === 1
                  ? l10n.t('Same weights: its tensor is equal on both sides.')
                  : l10n.t(
                      'Same weights: all {0} tensors are equal on both sides.',
                      countText(tensors.entries.length),
                    )}
              </span>
            </p>
          )}
          <h1>{verdictSentence(diff, inLanguage)}</h1>
        </div>
      )}
      <Alarms alarms={verdict.alarms} />
      {notes.length > 0 && (
        <ul class="notes muted" aria-label={l10n.t('What could not be compared')}>
          {notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
    </>
  );
}

/** Nothing that could be shown below differs. */
function Unchanged({ diff }: { diff: ModelDiff }) {
  return (
    <div class="empty unchanged">
      <Icon name="pass" />
      <h1>{diff.identical ? l10n.t('Identical') : l10n.t('No difference inside')}</h1>
      <p class="muted">
        {diff.identical
          ? l10n.t('Both sides are the same bytes, so there is nothing to compare.')
          : l10n.t(
              'The bytes of the files differ, but nothing that is read from them does: {0}',
              verdictSentence(diff, inLanguage),
            )}
      </p>
    </div>
  );
}

const shownAtFirst = 4;

function Alarms({ alarms }: { alarms: readonly Alarm[] }) {
  const [all, setAll] = useState(false);
  if (alarms.length === 0) return null;
  const shown = all ? alarms : alarms.slice(0, shownAtFirst);
  return (
    <section class="findings" aria-label={l10n.t('Warnings')}>
      <ul>
        {shown.map((alarm, index) => (
          <li key={index}>
            <Icon name="warning" />
            <AlarmText alarm={alarm} />
          </li>
        ))}
      </ul>
      {alarms.length > shownAtFirst && (
        <button class="link" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? l10n.t('Show fewer') : l10n.t('Show {0} more', countText(alarms.length - shownAtFirst))}
        </button>
      )}
    </section>
  );
}

function AlarmText({ alarm: { message, subjects } }: { alarm: Alarm }) {
  if (subjects.length < 2) return <span>{message}</span>;
  return (
    <details class="subjects">
      <summary>{message}</summary>
      <p class="mono">{subjects.join(', ')}</p>
    </details>
  );
}
