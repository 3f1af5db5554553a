import {
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import type { Inspection } from '../../src/trail/api/inspection.ts';
import { defaultSettings } from '../../src/trail/settings.ts';
import { openTrail } from '../../src/trail/trail.ts';
import { commandLine } from '../support/commandLine.ts';
import { violations } from '../support/jsonSchema.ts';
import { makeWorkspace, type Workspace } from '../support/workspace.ts';

const fixtures = path.join(import.meta.dirname, '../fixtures');
const schema = JSON.parse(
  readFileSync(path.join(import.meta.dirname, '../../docs/inspect.schema.json'), 'utf8'),
);

type Document = Omit<Inspection['record'], 'tensors'> & {
  readonly error?: { readonly code: string };
  readonly tensors: readonly { readonly stats?: Record<string, number>; readonly obstacle?: string }[];
};

let workspace: Workspace;
beforeEach(() => {
  workspace = makeWorkspace();
});
afterEach(() => workspace.remove());

const { modeltrail, json, ok } = commandLine(() => workspace.folder);

/** The documents that it prints, one on each line. */
async function documents(...argv: string[]): Promise<{ exitCode: number; found: Document[] }> {
  const { exitCode, stdout } = await modeltrail(['inspect', ...argv, '--json']);
  const found = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Document);
  return { exitCode, found };
}

function copy(fixture: string, name: string): void {
  const file = path.join(workspace.folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  copyFileSync(path.join(fixtures, fixture), file);
}

/** As the framework computes them. */
function expectedStatistics(fixture: string, tensor: string): Record<string, number> {
  const document = JSON.parse(readFileSync(path.join(fixtures, `${fixture}.expected.json`), 'utf8'));
  const { count, nan, zeros, min, max } = document[tensor];
  return { count, nan, zeros, min, max };
}

describe('on the command line', () => {
  it('says of every fixture what the schema says that it says', async () => {
    const { found } = await documents(fixtures, '--stats');
    expect(found.length).toBeGreaterThan(150);
    const formats = new Set(found.map(({ format }) => format));
    expect(formats.size).toBeGreaterThan(15);
    for (const document of found) expect(violations(schema, document as never), document.path).toEqual([]);
  });

  it('looks into a file outside of any workspace, and opens nothing for it', async () => {
    rmSync(path.join(workspace.folder, '.git'), { recursive: true });
    copy('formats/mlp.onnx', 'here.onnx');
    const { document, exitCode } = await json('inspect', 'here.onnx');
    expect(exitCode).toBe(0);
    expect(document).toMatchObject({ path: 'here.onnx', format: 'onnx', parameters: 910, complete: true });
    expect(document['tensors']).toHaveLength(4);
    expect(JSON.stringify(document['tensors'])).not.toContain('stats');
    expect(readdirSync(workspace.folder)).toEqual(['here.onnx']);
    const text = await ok('inspect', 'here.onnx', '--stats');
    expect(text).toMatch(/^here\.onnx\n +ONNX IR \d+ · .* · 910 parameters · 4 tensors · F32$/m);
    expect(text).toMatch(/^ +fc1\.weight +F32 +\[12, 64\] +3 KB +-0\.5044 +0\.4538 /m);
    expect(text).toMatch(/input +input: F32 \[n, 64\]/);
    const complex = await ok('inspect', path.join(fixtures, 'tensors/types.safetensors'), '--stats');
    expect(complex).toMatch(/^ +\S+ +C64 .* of the magnitudes$/m);
    // Where no versions are, a name is that of a file.
    const { exitCode: failed, stderr } = await modeltrail(['inspect', 'gone.onnx']);
    expect([failed, stderr]).toEqual([3, expect.stringContaining('gone.onnx does not exist.')]);
  });

  it('says of a folder without models that there are none', async () => {
    mkdirSync(path.join(workspace.folder, 'none'));
    copy('formats/mlp.onnx', 'here.onnx');
    const none = { path: 'none', error: { code: 'notFound', message: 'There are no model files in none.' } };
    expect(await documents('none')).toMatchObject({ exitCode: 3, found: [none] });
    expect(await documents('here.onnx', 'none')).toMatchObject({
      exitCode: 3,
      found: [{ format: 'onnx' }, none],
    });
    expect((await modeltrail(['inspect', 'none'])).stdout).toContain('There are no model files in none.');
  });

  it('goes on after a file that is broken, and one that is not there', async () => {
    copy('tensors/types.safetensors', 'whole.safetensors');
    copy('tensors/types.safetensors', 'cut.safetensors');
    truncateSync(path.join(workspace.folder, 'cut.safetensors'), 60_000);
    const { exitCode, found } = await documents('cut.safetensors', 'gone.pt', 'whole.safetensors', '--stats');
    expect(exitCode).toBe(3);
    expect(found).toMatchObject([
      { path: 'cut.safetensors', complete: false, findings: [{ severity: 'error' }] },
      { path: 'gone.pt', error: { code: 'notFound' } },
      { path: 'whole.safetensors', complete: true, findings: [] },
    ]);
    expect(found[0]!.tensors.at(-1)!.obstacle).toBe('The file ends before the tensor does.');
    expect(found[0]!.tensors[0]).toMatchObject({
      stats: expectedStatistics('tensors/types.safetensors', 'F64'),
    });
    expect((await modeltrail(['inspect', 'cut.safetensors'])).exitCode).toBe(1);
    expect((await modeltrail(['inspect', 'gone.pt'])).exitCode).toBe(3);
  });

  it('reads all models of a folder', async () => {
    copy('formats/mlp.pt', 'runs/1/model.pt');
    copy('formats/mlp.safetensors', 'runs/2/model.safetensors');
    copy('requirements.txt', 'runs/notes.txt');
    const { exitCode, found } = await documents('runs');
    expect(exitCode).toBe(0);
    expect(found.map(({ path }) => path)).toEqual(['runs/1/model.pt', 'runs/2/model.safetensors']);
    const { document } = await json('inspect', path.join(fixtures, 'directories/bert'), '--stats');
    expect(document).toMatchObject({ parameters: 1720, complete: true });
    expect(JSON.stringify(document['tensors'])).not.toContain('obstacle');
  });
});

describe('a version', () => {
  it('is read wherever it is kept: in the store, in Git with the files beside it, as it is on disk', async () => {
    copy('tensors/elements.onnx', 'models/elements.onnx');
    copy('tensors/elements.weights', 'models/elements.weights');
    const commit = workspace.commit('With weights in a file of their own');
    copy('tensors/views.pt', 'models/views.pt');
    await ok('record', 'models/views.pt');
    const external = expectedStatistics('tensors/elements.onnx', 'external');
    const view = expectedStatistics('tensors/views.pt', 'transposed');
    const statistics = async (reference: string, tensor: string): Promise<unknown> => {
      const { document } = await json('inspect', reference, '--stats');
      const tensors = document['tensors'] as { name: string; stats?: unknown }[];
      return tensors.find(({ name }) => name === tensor)?.stats;
    };
    expect(await statistics('models/elements.onnx', 'external')).toMatchObject(external);
    // Others now, or gone.
    copy('formats/mlp.onnx', 'models/elements.onnx');
    copy('formats/mlp.pt', 'models/views.pt');
    rmSync(path.join(workspace.folder, 'models/elements.weights'));
    expect(await statistics(`models/elements.onnx@${commit}`, 'external')).toMatchObject(external);
    expect(await statistics('models/views.pt@v1', 'transposed')).toMatchObject(view);
  });

  it('of more than memory should take goes from Git through a temporary file that is gone afterwards', async () => {
    const elements = 6 * 2 ** 20;
    const header = JSON.stringify({
      ramp: { dtype: 'F32', shape: [elements], data_offsets: [0, 4 * elements] },
    });
    const file = Buffer.alloc(8 + header.length + 4 * elements);
    file.writeBigUInt64LE(BigInt(header.length));
    file.write(header, 8);
    for (let i = 0; i < elements; i++) file.writeFloatLE(i % 1000, 8 + header.length + 4 * i);
    writeFileSync(path.join(workspace.folder, 'ramp.safetensors'), file);
    workspace.commit('A ramp');
    copy('formats/mlp.safetensors', 'ramp.safetensors');
    const { document } = await json('inspect', 'ramp.safetensors@HEAD', '--stats');
    expect(document['tensors']).toMatchObject([{ stats: { count: elements, min: 0, max: 999 } }]);
    const temporary = path.join(workspace.folder, '.git/modeltrail/tmp');
    expect(readdirSync(temporary)).toEqual([]);
  });
});

describe('a tensor in the editor', () => {
  it('is told by its statistics, its histogram, and a picture of each plane', async () => {
    copy('tensors/views.pt', 'views.pt');
    const trail = await openTrail(workspace.folder, defaultSettings);
    try {
      await trail.refresh(unattended);
      const target = { model: 'views.pt' };
      const { record, formatLabel, size, id } = await trail.inspect(target, unattended);
      expect({ formatLabel, size, id }).toEqual({ formatLabel: 'PyTorch', size: record.size, id: undefined });
      const detail = await trail.tensorDetail(target, 'transposed', unattended);
      expect(detail.statistics).toMatchObject(expectedStatistics('tensors/views.pt', 'transposed'));
      expect(detail.histogram?.counts.reduce((sum, count) => sum + count)).toBe(480);
      const request = { rows: 4, columns: 100, plane: [9], reduce: 'mean' } as const;
      const slice = await trail.tensorSlice(target, 'transposed', request, unattended);
      expect(slice).toMatchObject({ planes: [10], height: 8, width: 6, rows: 4, columns: 6 });
      // Two rows of the last plane to a cell: in the storage, two columns of one matrix.
      const whole = await trail.tensorSlice(
        target,
        'whole',
        { rows: 8, columns: 10, plane: [2], reduce: 'mean' },
        unattended,
      );
      expect(slice.values[2]).toBeCloseTo((whole.values[9]! + whole.values[19]!) / 2, 5);
      const outside = { ...request, plane: [10] };
      await expect(trail.tensorSlice(target, 'transposed', outside, unattended)).rejects.toThrow(
        'no plane 10',
      );
      await expect(trail.tensorDetail(target, 'other', unattended)).rejects.toThrow('no tensor "other"');
      // The file is another one now.
      copy('formats/mlp.pt', 'views.pt');
      expect((await trail.tensorDetail(target, 'fc1.bias', unattended)).statistics?.count).toBe(12);
    } finally {
      await trail.close();
    }
  });
});
