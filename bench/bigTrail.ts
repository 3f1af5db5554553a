import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { monotonicFactory } from 'ulid';
import type { Metrics } from '../src/core/facts.ts';
import { unattended } from '../src/core/operation.ts';
import { formatFact } from '../src/journal/factFile.ts';
import { defaultSettings } from '../src/trail/settings.ts';
import { openTrail } from '../src/trail/trail.ts';
import { makeTestRepository, tinySafetensors } from '../test/harness/testRepository.ts';

export interface BigTrail {
  readonly models: number;
  readonly versions: number;
  /** Of each version. */
  readonly metrics: number;
}

const metricNames = ['f1', 'auc', 'loss'];

/** A Git repository with a long history of recorded versions, and an index that knows them. */
export async function makeBigTrail(folder: string, { models, versions, metrics }: BigTrail): Promise<void> {
  makeTestRepository(folder);
  const nextId = monotonicFactory();
  const start = Date.UTC(2026, 0, 1);
  const months = new Set<string>();
  for (let i = 0; i < versions; i++) {
    // Named by letters: those that differ in numbers alone would be a series, which is one row.
    const model = `models/model-${String.fromCharCode('a'.charCodeAt(0) + (i % models))}.safetensors`;
    const number = Math.floor(i / models) + 1;
    const content = tinySafetensors([i]);
    if (i >= versions - models) writeFileSync(path.join(folder, model), content);
    const at = start + i * 600_000;
    const time = new Date(at).toISOString();
    const id = nextId(at);
    const month = path.join(folder, '.modeltrail/journal', time.slice(0, 7));
    if (!months.has(month)) mkdirSync(month, { recursive: true });
    months.add(month);
    const fact = {
      id,
      time,
      kind: 'recorded' as const,
      by: { name: 'Ada Lovelace', email: 'ada@example.com' },
      model,
      version: createHash('sha256').update(content).digest('hex'),
      size: content.length,
      number,
      message: `Run ${number}: longer warm-up`,
      metrics: metricsOf(i, metrics),
      params: { lr: 0.0003, epochs: number, optimizer: 'adamw' },
      provenance: {
        commit: id
          .toLowerCase()
          .replace(/[^0-9a-f]/g, '0')
          .padEnd(40, '0'),
        branch: 'main',
        dirty: true,
      },
    };
    writeFileSync(path.join(month, `${id}.json`), formatFact(fact));
  }
  // As a team does; thousands of new files would keep the editor's own Git extension busy.
  for (const args of [
    ['add', '.'],
    ['commit', '--quiet', '--message', 'Journal'],
  ])
    execFileSync('git', args, { cwd: folder });
  const trail = await openTrail(folder, defaultSettings);
  await trail.refresh(unattended);
  await trail.checkWorkingCopies(unattended);
  await trail.close();
}

function metricsOf(i: number, count: number): Metrics {
  return Object.fromEntries(
    Array.from({ length: count }, (_, metric) => [
      metricNames[metric] ?? `task-${metric}/f1`,
      wave(i, metric + 1),
    ]),
  );
}

function wave(i: number, phase: number): number {
  return Math.round((0.8 + 0.1 * Math.sin(i / 50 + phase)) * 1e4) / 1e4;
}
