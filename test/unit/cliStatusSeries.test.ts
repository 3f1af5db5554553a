import { expect, it } from 'vitest';
import { commandLine } from '../support/commandLine.ts';
import { workspace, write } from '../support/trails.ts';
import { safetensors } from '../support/workspace.ts';

const { json, ok } = commandLine(() => workspace.folder);
const epoch = (number: number): string => `runs/v1.a/epoch_${number}`;

it('status has one line for what is the same of a long series, and all of it as JSON', async () => {
  const names = Array.from({ length: 12 }, (_, number) => `${epoch(number)}.safetensors`);
  for (const name of names) write(name, safetensors());
  workspace.commit('A run');
  expect(await ok('status')).toMatch(
    /^runs\/v1\.a\/epoch_\{0…11\}\.safetensors +unchanged \(12 models\) +1\.5 KB /m,
  );
  expect(await ok('-C', 'runs/v1.a', 'status')).toMatch(/^epoch_\{0…11\}\.safetensors +unchanged/m);

  write(`${epoch(3)}.safetensors`, safetensors());
  for (let number = 12; number < 18; number++) write(`${epoch(number)}.safetensors`, safetensors());
  const text = await ok('status');
  expect(text).toMatch(/^runs\/v1\.a\/epoch_\{0…11\}\.safetensors +unchanged \(11 models\)/m);
  expect(text).toMatch(/^runs\/v1\.a\/epoch_3\.safetensors +changed /m);
  expect(text).toMatch(/^runs\/v1\.a\/epoch_\{12…17\}\.safetensors +new \(6 models\)/m);
  expect(text.match(/epoch_/g)).toHaveLength(3);
  expect((await json('status')).document['models']).toHaveLength(18);
});
