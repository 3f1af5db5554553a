import * as l10n from '@vscode/l10n';
import { useState } from 'preact/hooks';
import { Icon } from '../icons.tsx';
import { countText } from '../format.ts';
import { isBlank, type ModelRecord } from './record.ts';

const shownAtFirst = 3;

/** What is wrong with the file, errors first, and whether all of it was read. */
export function Findings({ record }: { record: ModelRecord }) {
  const [all, setAll] = useState(false);
  const errors = record.findings.filter(({ severity }) => severity === 'error');
  const warnings = record.findings.filter(({ severity }) => severity !== 'error');
  const findings = [...errors, ...warnings];
  // Where nothing is shown, the page itself says so.
  const isPart = !record.complete && !isBlank(record);
  if ((findings.length === 0 && !isPart) || record.format === 'lfsPointer') return null;
  const shown = all ? findings : findings.slice(0, shownAtFirst);
  const more = findings.length - shownAtFirst;
  return (
    <section
      class={errors.length > 0 ? 'findings error' : 'findings'}
      aria-label={l10n.t('What is wrong with this file')}
    >
      {isPart && (
        <p class="lead">{l10n.t('Not all of this file could be read: it may hold more than is shown.')}</p>
      )}
      <ul>
        {shown.map((finding, index) => (
          <li key={index} class={finding.severity}>
            <Icon name={finding.severity} />
            <span>
              <span class="hidden-text">
                {finding.severity === 'error' ? l10n.t('Error') : l10n.t('Warning')}:{' '}
              </span>
              {finding.message}
              {finding.offset !== undefined && (
                <span class="muted"> {l10n.t('(at byte {0})', countText(finding.offset))}</span>
              )}
            </span>
          </li>
        ))}
      </ul>
      {more > 0 && (
        <button class="link" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? l10n.t('Show fewer') : l10n.t('Show {0} more', countText(more))}
        </button>
      )}
    </section>
  );
}
