import { execFileSync } from 'node:child_process';
import { chmodSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import type { TrailInfo } from '../../src/trail/api/models.ts';
import { defaultSettings } from '../../src/trail/settings.ts';
import { openTrail } from '../../src/trail/trail.ts';
import { makeWorkspace, safetensors, type Workspace } from '../support/workspace.ts';

let workspace: Workspace;

beforeEach(() => {
  workspace = makeWorkspace();
});
afterEach(() => {
  vi.unstubAllEnvs();
  workspace.remove();
});

async function versionsWith(gitBinary?: string): Promise<{ git: TrailInfo['git']; total: number }> {
  const trail = await openTrail(workspace.folder, { ...defaultSettings, gitBinary });
  try {
    await trail.refresh(unattended);
    const { git } = await trail.info();
    return { git, total: (await trail.versions('a.safetensors', { offset: 0, limit: 1 })).total };
  } finally {
    await trail.close();
  }
}

describe.skipIf(process.platform === 'win32')('a Git program that the system does not find', () => {
  it('is used where the user says that it is', async () => {
    workspace.write('a.safetensors', safetensors());
    workspace.commit('One');
    const real = execFileSync('which', ['git'], { encoding: 'utf8' }).trim();
    workspace.write('elsewhere/git', `#!/bin/sh\nexec '${real}' "$@"\n`);
    const binary = path.join(workspace.folder, 'elsewhere/git');
    chmodSync(binary, 0o755);
    vi.stubEnv('PATH', path.join(workspace.folder, 'nowhere'));
    expect(await versionsWith()).toEqual({ git: 'missingProgram', total: 0 });
    expect(await versionsWith(binary)).toEqual({ git: 'found', total: 1 });
  });
});
