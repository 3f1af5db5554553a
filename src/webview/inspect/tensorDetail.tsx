import { useState } from 'preact/hooks';
import { isComplex } from '../../core/complexType.ts';
import { fill } from '../l10n.ts';
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
  const { strings, content, copy } = usePage();
  const elements = elementsOf(tensor);
  const [asked, setAsked] = useState('');
  const isSmall = (tensor.byteLength ?? (elements ?? 0) * 8) <= readAtOnce;
  return (
    <Detail
      name={tensor.name}
      copy={{ label: strings.copyName, act: () => copy(tensor.name) }}
      close={{ label: strings.close, act: close }}
    >
      <dl class="pairs">
        <Pair name={strings.dtype} value={`${tensor.dtype} ${tensor.quantizer ?? ''}`.trim()} />
        <Pair name={strings.shape} value={shapeText(tensor.shape, strings.scalar)} />
        {elements !== undefined && <Pair name={strings.elements} value={countText(elements)} />}
        {tensor.byteLength !== undefined && <Pair name={strings.size} value={bytesText(tensor.byteLength)} />}
        {tensor.byteOffset !== undefined && (
          <Pair name={strings.offset} value={countText(tensor.byteOffset)} />
        )}
        {tensor.sharesStorageWith !== undefined && (
          <Pair name={strings.sharesStorage} value={tensor.sharesStorageWith} />
        )}
      </dl>
      {isSmall || asked === content ? (
        <Numbers tensor={tensor} />
      ) : (
        <button class="button" onClick={() => setAsked(content)}>
          {fill(strings.readTensor, bytesText(tensor.byteLength ?? 0))}
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
  const { host, strings, shown, content } = usePage();
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
        <Reading progress={current.progress} quiet={detail !== undefined} strings={strings} cancel={cancel} />
      )}
      {current.state === 'failed' && (
        <InlineFailure
          message={current.code === 'cancelled' ? strings.cancelled : current.message}
          retry={{ label: strings.retry, act: () => setAttempt(attempt + 1) }}
        />
      )}
      {detail?.obstacle !== undefined && <p class="obstacle muted">{detail.obstacle}</p>}
      {detail?.statistics && isComplex(tensor.dtype) && <p class="muted">{strings.magnitudes}</p>}
      {detail?.statistics && <StatisticsTable statistics={detail.statistics} />}
      {detail?.histogram && <HistogramChart histogram={detail.histogram} />}
      {detail?.statistics && detail.statistics.count > 0 && (
        <HeatMap key={tensor.shape.join()} tensor={tensor} />
      )}
    </>
  );
}
