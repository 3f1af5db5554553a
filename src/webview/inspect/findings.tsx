import { useState } from 'preact/hooks';
import { fill } from '../l10n.ts';
import { Icon } from '../icons.tsx';
import { countText } from '../format.ts';
import { usePage } from './page.ts';
import type { ModelRecord } from './record.ts';

const shownAtFirst = 3;

/** What is wrong with the file, errors first, and whether all of it was read. */
export function Findings({ record }: { record: ModelRecord }) {
  const { strings } = usePage();
  const [all, setAll] = useState(false);
  const errors = record.findings.filter(({ severity }) => severity === 'error');
  const warnings = record.findings.filter(({ severity }) => severity !== 'error');
  const findings = [...errors, ...warnings];
  // Of a pointer the page itself says what it is.
  if ((findings.length === 0 && record.complete) || record.format === 'lfsPointer') return null;
  const shown = all ? findings : findings.slice(0, shownAtFirst);
  const more = findings.length - shownAtFirst;
  return (
    <section class={errors.length > 0 ? 'findings error' : 'findings'} aria-label={strings.findings}>
      {!record.complete && <p class="lead">{strings.incomplete}</p>}
      <ul>
        {shown.map((finding, index) => (
          <li key={index} class={finding.severity}>
            <Icon name={finding.severity} />
            <span>
              <span class="hidden-text">{strings[finding.severity]}: </span>
              {finding.message}
              {finding.offset !== undefined && (
                <span class="muted"> {fill(strings.atByte, countText(finding.offset))}</span>
              )}
            </span>
          </li>
        ))}
      </ul>
      {more > 0 && (
        <button class="link" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? strings.fewerFindings : fill(strings.moreFindings, countText(more))}
        </button>
      )}
    </section>
  );
}
