import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cutOff } from '../../src/formats/cutOff.ts';
import { bytesAccess } from '../../src/formats/randomAccess.ts';
import { commandLine } from '../support/commandLine.ts';
import { randomTensors, safetensorsOf } from '../support/models.ts';
import { makeWorkspace, type Workspace } from '../support/workspace.ts';

const fixtures = path.join(import.meta.dirname, '../fixtures/formats');
const fixture = (name: string): Buffer => readFileSync(path.join(fixtures, name));

describe('a file whose end is missing', () => {
  it('is told from a whole one of any format', async () => {
    for (const name of readdirSync(fixtures).filter((name) => !name.endsWith('.json')))
      expect(await cutOff(bytesAccess(fixture(name)), name), name).toBeUndefined();
  });

  it.each(['mlp.pt', 'scripted.pt', 'exported.pt2', 'arrays.npz', 'pipeline.skops'])(
    'is noticed wherever the archive %s is cut',
    async (name) => {
      const whole = fixture(name);
      for (const length of [whole.length - 1, whole.length - 22, whole.length >> 1, 100])
        expect(await cutOff(bytesAccess(whole.subarray(0, length)), name), `${length}`).toContain('archive');
    },
  );

  it('is noticed wherever a safetensors file is cut: in a tensor, or in the header', async () => {
    const whole = fixture('mlp.safetensors');
    const at = (length: number) => cutOff(bytesAccess(whole.subarray(0, length)), 'mlp.safetensors');
    expect(await at(whole.length - 7)).toBe('The file ends 7 bytes before its last tensor does.');
    expect(await at(100)).toMatch(/^The file ends inside the header/);
  });

  it('reads no more of a large one than its ends', async () => {
    const header = Buffer.from(
      '{"a":{"dtype":"U8","shape":[1000000000000],"data_offsets":[0,1000000000000]}}',
    );
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(header.length));
    const archive = fixture('mlp.pt').subarray(0, 5000);
    for (const [name, head] of [
      ['large.safetensors', Buffer.concat([length, header])],
      ['large.pt', archive],
    ] as const) {
      let read = 0;
      const access = {
        size: 900_000_000_000,
        async read(offset: number, count: number): Promise<Uint8Array> {
          read += count;
          const bytes = new Uint8Array(count);
          bytes.set(head.subarray(offset, offset + count));
          return bytes;
        },
      };
      expect(await cutOff(access, name)).toBeDefined();
      expect(read).toBeLessThan(100_000);
    }
  });
});

describe('record', () => {
  let workspace: Workspace;
  beforeEach(() => {
    workspace = makeWorkspace();
  });
  afterEach(() => workspace.remove());
  const { modeltrail, json, ok } = commandLine(() => workspace.folder);

  it('keeps a file whose end is missing, and says so', async () => {
    const whole = fixture('mlp.pt');
    const id = workspace.write('best.pt', whole.subarray(0, 3000));
    const { exitCode, stdout, stderr } = await modeltrail(['record', 'best.pt']);
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining('Recorded best.pt v1')]);
    expect(stderr).toContain(
      'best.pt looks cut off: The list of members is missing with which an archive ends. It was recorded as it is.',
    );
    expect((await json('show', 'best.pt@v1')).document).toMatchObject({ version: { id } });
    expect((await json('verify')).document).toMatchObject({ ok: true, checked: 1 });
    workspace.write('best.pt', whole);
    expect((await json('record', 'best.pt')).document).toMatchObject({ isNew: true, cutOff: [] });
  });

  it('names the file of a directory', async () => {
    const weights = safetensorsOf(randomTensors(['a', 'b'], 3000));
    workspace.write('net/config.json', '{"architectures": ["Net"], "model_type": "bert"}');
    workspace.write('net/model.safetensors', weights.subarray(0, -500));
    const { document } = await json('record', 'net');
    expect(document).toMatchObject({
      version: { files: 2 },
      cutOff: [
        'net/model.safetensors looks cut off: The file ends 500 bytes before its last tensor does. It was recorded as it is.',
      ],
    });
    workspace.write('net/model.safetensors', weights);
    await ok('record', 'net');
  });
});
