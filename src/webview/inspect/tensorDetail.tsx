import * as l10n from '@vscode/l10n';
import { useState } from 'preact/hooks';
import { isComplex } from '../../core/complexType.ts';
import { Detail } from '../detail.tsx';
import { InlineFailure } from '../inlineFailure.tsx';
import { useCall, valueOf } from '../useCall.ts';
import { Reading } from '../reading.tsx';
import { bytesText, countText, shapeText } from '../format.ts';
import { HeatMap } from './heatMap.tsx';
import { HistogramChart } from './histogram.tsx';
import { usePage } from './page.ts';
import type { Tensor } from './record.ts';
import { StatisticsTable } from './statistics.tsx';
import { elementsOf } from './tensorTree.ts';

/** Up to here a tensor is read as soon as it is chosen, in bytes. */
const readAtOnce = 64 * 2 ** 20;

interface TensorDetailProps {
  readonly tensor: Tensor;
  close(): void;
}

export function TensorDetail({ tensor, close }: TensorDetailProps) {
  const { content, copy } = usePage();
  const elements = elementsOf(tensor);
  const [asked, setAsked] = useState('');
  const isSmall = (tensor.byteLength ?? (elements ?? 0) * 8) <= readAtOnce;
  return (
    <Detail
      name={tensor.name}
      copy={{ label: l10n.t('Copy Name'), act: () => copy(tensor.name) }}
      close={{ label: l10n.t('Close'), act: close }}
    >
      <dl class="pairs">
        <Pair name={l10n.t('Type')} value={`${tensor.dtype} ${tensor.quantizer ?? ''}`.trim()} />
        <Pair name={l10n.t('Shape')} value={shapeText(tensor.shape, l10n.t('scalar'))} />
        {elements !== undefined && <Pair name={l10n.t('Elements')} value={countText(elements)} />}
        {tensor.byteLength !== undefined && (
          <Pair name={l10n.t('Size')} value={bytesText(tensor.byteLength)} />
        )}
        {tensor.byteOffset !== undefined && (
          <Pair name={l10n.t('Starts at byte')} value={countText(tensor.byteOffset)} />
        )}
        {tensor.sharesStorageWith !== undefined && (
          <Pair name={l10n.t('Same storage as')} value={tensor.sharesStorageWith} />
        )}
      </dl>
      {isSmall || asked === content ? (
        <Numbers tensor={tensor} />
      ) : (
        <button class="button" onClick={() => setAsked(content)}>
          {l10n.t('Read {0} for the Statistics', bytesText(tensor.byteLength ?? 0))}
        </button>
      )}
    </Detail>
  );
}

export function Pair({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd title={value}>{value}</dd>
    </div>
  );
}

/** What the elements say. */
function Numbers({ tensor }: { tensor: Tensor }) {
  const { host, shown, content } = usePage();
  const [attempt, setAttempt] = useState(0);
  const { current, cancel } = useCall(
    (operation) => host.client.run(operation, 'detail', shown, tensor.name),
    `${content} ${attempt}`,
    tensor.name,
  );
  const detail = valueOf(current);
  return (
    <>
      {current.state === 'running' && (
        <Reading progress={current.progress} quiet={detail !== undefined} cancel={cancel} />
      )}
      {current.state === 'failed' && (
        <InlineFailure
          message={current.code === 'cancelled' ? l10n.t('Cancelled') : current.message}
          retry={{ label: l10n.t('Try Again'), act: () => setAttempt(attempt + 1) }}
        />
      )}
      {detail?.obstacle !== undefined && <p class="obstacle muted">{detail.obstacle}</p>}
      {detail?.statistics && isComplex(tensor.dtype) && (
        <p class="muted">{l10n.t('The elements are complex: these are their magnitudes.')}</p>
      )}
      {detail?.statistics && <StatisticsTable statistics={detail.statistics} />}
      {detail?.histogram && <HistogramChart histogram={detail.histogram} />}
      {detail?.statistics && detail.statistics.count > 0 && (
        <HeatMap key={tensor.shape.join()} tensor={tensor} />
      )}
    </>
  );
}
