import type { Author } from '../core/facts.ts';
import type { Version, WorkingCopy } from '../core/versions.ts';
import { versionName } from '../core/versions.ts';
import type { GivenUpVersion } from '../trail/api/store.ts';

// The shapes of the JSON output, which scripts rely on: docs/cli.md describes them. Every member is always there; null is "none".

export const schemaVersion = 1;

export function versionDocument(version: Version): Readonly<Record<string, unknown>> {
  const { provenance } = version;
  return {
    model: version.model,
    id: version.id,
    name: versionName(version),
    number: version.number ?? null,
    size: version.size,
    files: version.files ?? null,
    time: version.time,
    atOrBefore: version.atOrBefore ?? false,
    by: authorDocument(version.by),
    message: version.message,
    note: version.note ?? null,
    tags: version.tags,
    stage: version.stage ?? null,
    forgotten: version.forgotten ?? false,
    absent: version.absent ?? null,
    metrics: version.metrics,
    params: version.params,
    provenance: {
      commit: provenance?.commit ?? null,
      branch: provenance?.branch ?? null,
      dirty: provenance?.dirty ?? null,
      parent: provenance?.parent ?? null,
    },
    externalData: version.externalData ?? null,
    sources: version.sources,
    commit: version.commit ?? null,
  };
}

export function authorDocument({ name, email }: Author): Readonly<Record<string, unknown>> {
  return { name, email: email ?? null };
}

export function givenUpDocument({
  version,
  by,
  time,
  bytes,
}: GivenUpVersion): Readonly<Record<string, unknown>> {
  return { version: versionDocument(version), by: authorDocument(by), time, bytes };
}

export function commitDocuments(version: Version): readonly Readonly<Record<string, unknown>>[] {
  return version.sightings.map(({ commit, subject, author, time, path, lfs }) => ({
    commit,
    subject,
    author: authorDocument(author),
    time,
    path,
    lfs,
  }));
}

export function workingDocument(working: WorkingCopy): Readonly<Record<string, unknown>> {
  return {
    state: working.state,
    version: working.version ?? null,
    object: working.object ?? null,
    size: working.size ?? null,
    files: working.files ?? null,
    time: working.time ?? null,
    movedFrom: working.movedFrom ?? null,
    problem: working.problem ?? null,
  };
}
