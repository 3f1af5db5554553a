import * as l10n from '@vscode/l10n';
import { DtypeBar } from './dtypeBar.tsx';
import { shortId } from '../../core/shortId.ts';
import { bytesText, countText, roughCount } from '../format.ts';
import { marksOf } from '../marks.ts';
import type { Model } from './load.ts';
import type { Shown, Start, Trail } from './messages.ts';

interface HeaderProps {
  readonly start: Start;
  readonly model: Model | undefined;
  readonly trail: Trail | undefined;
  readonly shown: Shown;
}

/** What the file is, and which version of it, in a line or two. */
export function Header({ start, model, trail, shown }: HeaderProps) {
  const shownName = trail && versionText(trail, shown);
  const record = model?.record;
  const version = record?.formatVersion;
  return (
    <header class="model-head">
      <div class="title">
        <h1 title={start.name}>{start.name}</h1>
        {shownName !== undefined && (
          <span class="shown" title={shownName}>
            {shownName}
          </span>
        )}
        <span class="muted path" title={start.folder}>
          {start.folder}
        </span>
      </div>
      {record && (
        <dl class="facts">
          <Fact
            label={l10n.t('Format')}
            value={version === undefined ? model.formatLabel : `${model.formatLabel} ${version}`}
          />
          <Fact label={l10n.t('Size')} value={bytesText(record.size)} exact={countText(record.size)} />
          {record.parameters !== undefined && record.parameters > 0 && (
            <Fact
              label={l10n.t('Parameters')}
              value={roughCount(record.parameters)}
              exact={countText(record.parameters)}
            />
          )}
          {record.tensors.length > 0 && (
            <Fact label={l10n.t('Tensors')} value={countText(record.tensors.length)} />
          )}
          {record.producer !== undefined && <Fact label={l10n.t('Written by')} value={record.producer} />}
        </dl>
      )}
      {record && <DtypeBar tensors={record.tensors} />}
    </header>
  );
}

/** `v1 · production`. @returns undefined for the file on disk */
function versionText({ versions }: Trail, shown: Shown): string | undefined {
  if (shown === null) return undefined;
  const version = versions.find(({ id }) => id === shown);
  return version ? [version.name, ...marksOf(version)].join(' · ') : shortId(shown);
}

function Fact({ label, value, exact = value }: { label: string; value: string; exact?: string }) {
  return (
    <div class="fact">
      <dt>{label}</dt>
      <dd title={exact}>{value}</dd>
    </div>
  );
}
