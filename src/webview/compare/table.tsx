import * as l10n from '@vscode/l10n';
import type { ComponentChildren } from 'preact';
import { useRef } from 'preact/hooks';
import { MetricCell, MetricName, ParamCell, ParamName, VersionHeader } from './tableCells.tsx';
import type { CompareView } from './view.ts';
import { columnWidth, useVisibleColumns } from './visibleColumns.ts';

export interface TableProps {
  readonly view: CompareView;
  readonly selected: number | undefined;
  setBaseline(column: number): void;
  reveal(column: number): void;
}

/** How many columns are left out on either side of those in view. */
interface Gaps {
  readonly before: number;
  readonly after: number;
}

/** Metrics and params by version. Of the versions that are far from view, only the space that they take is there. */
export function CompareTable(props: TableProps) {
  const { view } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const [from, to] = useVisibleColumns(scroller, view.columns.length);
  const columns = Array.from({ length: to - from }, (_, i) => from + i);
  const gaps = { before: from, after: view.columns.length - to };
  const gapWidth = (count: number) => ({ width: `${count * columnWidth}px` });
  return (
    <div
      class="scroller"
      ref={scroller}
      tabIndex={0}
      role="region"
      aria-label={l10n.t('Metrics and params of each version')}
    >
      <table aria-colcount={view.columns.length + 1}>
        <colgroup>
          <col class="names" />
          {gaps.before > 0 && <col style={gapWidth(gaps.before)} />}
          {columns.map((column) => (
            <col key={column} style={gapWidth(1)} />
          ))}
          {gaps.after > 0 && <col style={gapWidth(gaps.after)} />}
        </colgroup>
        <thead>
          <Row gaps={gaps} label={<td />}>
            {columns.map((column) => (
              <VersionHeader key={column} column={column} {...props} />
            ))}
          </Row>
        </thead>
        {view.metrics.length > 0 && (
          <tbody>
            <Group label={l10n.t('Metrics')} span={view.columns.length} />
            {view.metrics.map((row) => (
              <Row key={row.name} gaps={gaps} label={<MetricName row={row} />}>
                {columns.map((column) => (
                  <MetricCell key={column} row={row} column={column} {...props} />
                ))}
              </Row>
            ))}
          </tbody>
        )}
        {view.params.length > 0 && (
          <tbody>
            <Group label={l10n.t('Params')} span={view.columns.length} />
            {view.params.map((row) => (
              <Row key={row.name} gaps={gaps} label={<ParamName row={row} />}>
                {columns.map((column) => (
                  <ParamCell key={column} row={row} column={column} {...props} />
                ))}
              </Row>
            ))}
          </tbody>
        )}
      </table>
    </div>
  );
}

function Row({
  gaps,
  label,
  children,
}: {
  gaps: Gaps;
  label: ComponentChildren;
  children: ComponentChildren;
}) {
  return (
    <tr>
      {label}
      {gaps.before > 0 && <td class="gap" />}
      {children}
      {gaps.after > 0 && <td class="gap" />}
    </tr>
  );
}

function Group({ label, span }: { label: string; span: number }) {
  return (
    <tr class="group">
      <th scope="rowgroup">{label}</th>
      <td colSpan={span} />
    </tr>
  );
}
