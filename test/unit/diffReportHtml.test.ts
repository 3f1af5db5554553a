import { afterEach, expect, it } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import { reportHtml } from '../../src/diff/reportHtml.ts';
import { openTrail } from '../../src/trail/trail.ts';
import { makeWorkspace, type Workspace } from '../support/workspace.ts';

let workspace: Workspace | undefined;
afterEach(() => workspace?.remove());

/** A safetensors file with one tensor of four bytes. */
function file(name: string, bytes: readonly number[]): Buffer {
  const header = Buffer.from(JSON.stringify({ [name]: { dtype: 'U8', shape: [4], data_offsets: [0, 4] } }));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([length, header, Buffer.from(bytes)]);
}

it('is a page that stands alone, in which names from files are only names', async () => {
  workspace = makeWorkspace({ git: false });
  const name = `<img src=x onerror=alert(1)>'"&</td></table><script>`;
  workspace.write('a.safetensors', file(name, [1, 2, 3, 4]));
  workspace.write('b.safetensors', file(name, [1, 2, 3, 5]));
  const settings = { include: ['*.safetensors'], exclude: [], stages: [], trusted: true };
  const trail = await openTrail(workspace.folder, settings);
  try {
    const diff = await trail.diff({ model: 'a.safetensors' }, { model: 'b.safetensors' }, unattended);
    const html = reportHtml(diff, 'en');
    expect(html).toMatch(/^<!DOCTYPE html>\n<html lang="en">/);
    expect(html).toContain('1 of 1 tensors changed');
    expect(html).toContain('&#60;img src=x onerror=alert(1)&#62;');
    expect(html).not.toMatch(/<(img|script)|<\/table>[^]*<\/table>/);
    expect(html).toContain("default-src 'none'");
  } finally {
    await trail.close();
  }
});
