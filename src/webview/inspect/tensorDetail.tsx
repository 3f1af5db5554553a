import { useState } from 'preact/hooks';
import { fill } from '../l10n.ts';
import { Icon } from '../icons.tsx';
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
  copyName(name: string): void;
  close(): void;
}

export function TensorDetail({ tensor, copyName, close }: TensorDetailProps) {
  const { strings, content } = usePage();
  const elements = elementsOf(tensor);
  const [asked, setAsked] = useState('');
  const isSmall = (tensor.byteLength ?? (elements ?? 0) * 8) <= readAtOnce;
  return (
    <aside
      class="detail"
      aria-label={tensor.name}
      onKeyDown={(event) => event.key === 'Escape' && !event.defaultPrevented && close()}
    >
      <div class="detail-head">
        <h2 title={tensor.name}>{tensor.name}</h2>
        <button
          class="icon-button"
          aria-label={strings.copyName}
          title={strings.copyName}
          onClick={() => copyName(tensor.name)}
        >
          <Icon name="copy" />
        </button>
        <button class="icon-button" aria-label={strings.close} title={strings.close} onClick={close}>
          <Icon name="close" />
        </button>
      </div>
      <dl class="pairs">
        <Pair name={strings.dtype} value={tensor.dtype} />
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
    </aside>
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
        <div class="inline-failure" role="alert">
          <p>{current.code === 'cancelled' ? strings.cancelled : current.message}</p>
          <button class="button" onClick={() => setAttempt(attempt + 1)}>
            {strings.retry}
          </button>
        </div>
      )}
      {detail?.obstacle !== undefined && <p class="obstacle muted">{detail.obstacle}</p>}
      {detail?.statistics && <StatisticsTable statistics={detail.statistics} />}
      {detail?.histogram && <HistogramChart histogram={detail.histogram} />}
      {detail?.statistics && detail.statistics.count > 0 && <HeatMap tensor={tensor} />}
    </>
  );
}
