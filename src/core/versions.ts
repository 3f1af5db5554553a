import type { Author, ContentId, Metrics, ModelPath, Params, Provenance } from './facts.ts';
import type { ModelFacts } from './fold.ts';
import { inOrder, type PlacedVersion } from './versionOrder.ts';
import { shortId } from './shortId.ts';

/** One place in Git history where a content was seen. */
export interface CommitSighting {
  readonly commit: string;
  readonly subject: string;
  readonly author: Author;
  /** ISO 8601 in UTC. */
  readonly time: string;
  /** The path at that commit; differs from the model's after a rename. */
  readonly path: ModelPath;
  /** The Git blob; of an LFS pointer where `lfs` is true. Of a directory its tree, as `<oid>/`. */
  readonly blob: string;
  readonly lfs: boolean;
  /** History is cut off at the commit (a shallow clone): one that is not here may have brought the content. */
  readonly atOrBefore?: true;
}

/** A content of a model as Git history knows it. */
export interface GitVersion {
  readonly id: ContentId;
  /** Of the content, not of the pointer; in bytes. */
  readonly size: number;
  /** Of a directory that is one model. */
  readonly files?: number;
  /** Newest first, at least one. */
  readonly sightings: readonly CommitSighting[];
  readonly metrics: Metrics;
  readonly params: Params;
}

export const sourceKinds = ['recorded', 'git', 'lfs'] as const;
export type SourceKind = (typeof sourceKinds)[number];

/** One content of a model: one row, whatever the number of places it is known from. */
export interface Version {
  readonly model: ModelPath;
  readonly id: ContentId;
  /** In bytes. */
  readonly size: number;
  /** How many files a directory that is one model has; absent for a model that is a file. */
  readonly files?: number;
  /** The n of `vN`, when recorded. */
  readonly number?: number;
  /** When it was first known, ISO 8601 in UTC. */
  readonly time: string;
  /** It may have come earlier than `time` and `commit`, where history is cut off: who made it is not known, nor with what message. */
  readonly atOrBefore?: true;
  /** The name is empty where it is not known. */
  readonly by: Author;
  readonly message: string;
  readonly note?: string;
  readonly metrics: Metrics;
  readonly params: Params;
  readonly provenance?: Provenance;
  /** Of an ONNX model: by path from its folder, the contents that the files with its weights had when it was first recorded with them. */
  readonly externalData?: Readonly<Record<string, ContentId>>;
  readonly tags: readonly string[];
  readonly stage?: string;
  /** The bytes that were recorded were given up; Git may have them still. */
  readonly forgotten?: boolean;
  /** Whether its bytes are nowhere on this machine; left away where nobody looked, or only reading them would tell. */
  readonly absent?: boolean;
  readonly sources: readonly SourceKind[];
  /** The first commit that held it. */
  readonly commit?: string;
  /** Newest first. */
  readonly sightings: readonly CommitSighting[];
}

/** The file on disk now. */
export interface WorkingCopy {
  readonly state:
    | 'same' // equals `version`
    | 'changed'
    | 'unchecked' // not compared yet: its bytes were not read
    | 'pointer' // a Git LFS pointer; `version` is what it points to
    | 'missing'
    | 'unreadable';
  readonly version?: ContentId;
  /** Of a pointer: where on this machine the bytes are that it stands for, if they are. */
  readonly object?: 'lfs' | 'store';
  /** In bytes. */
  readonly size?: number;
  /** Of a directory that is one model. */
  readonly files?: number;
  /** Last change, ISO 8601. */
  readonly time?: string;
  /** Of a model without versions: the one that it seems to be, whose file is gone, and of which Git will not say that it was moved. */
  readonly movedFrom?: ModelPath;
  /** Why it is unreadable. */
  readonly problem?: string;
}

/**
 * Joins what the journal and Git know of one model into its versions, newest first.
 * @param git by the first commits that held them, newest first
 */
export function joinVersions(
  model: ModelPath,
  facts: ModelFacts | undefined,
  git: readonly GitVersion[],
): Version[] {
  const byId = new Map(git.map((version) => [version.id, version]));
  const others = [...(facts?.versions.values() ?? [])].filter(
    ({ id, recorded }) => recorded && !byId.has(id),
  );
  const tagsOf = new Map<ContentId, string[]>();
  for (const [tag, id] of facts?.tags ?? []) tagsOf.set(id, [...(tagsOf.get(id) ?? []), tag]);
  const place = (id: ContentId): PlacedVersion => {
    const known = facts?.versions.get(id);
    const recorded = known?.recorded;
    const seen = byId.get(id);
    const first = seen?.sightings.at(-1);
    const atOrBefore = recorded ? undefined : first?.atOrBefore;
    const brought = atOrBefore ? undefined : first;
    const sources: SourceKind[] = [];
    if (recorded) sources.push('recorded');
    if (seen?.sightings.some((sighting) => !sighting.lfs)) sources.push('git');
    if (seen?.sightings.some((sighting) => sighting.lfs)) sources.push('lfs');
    const version: Version = {
      model,
      id,
      size: recorded?.size ?? seen?.size ?? 0,
      files: recorded ? recorded.files : seen?.files,
      number: recorded?.number,
      time: earliest(recorded?.time, first?.time),
      atOrBefore,
      by: recorded?.by ?? brought?.author ?? { name: '' },
      message: known?.message ?? brought?.subject ?? '',
      // An empty note is one that was removed.
      note: known?.note || undefined,
      metrics: { ...seen?.metrics, ...known?.metrics },
      params: { ...seen?.params, ...known?.params },
      provenance: recorded?.provenance ?? (first && { commit: first.commit }),
      externalData: recorded?.externalData,
      tags: tagsOf.get(id)?.sort() ?? [],
      stage: known?.stage,
      forgotten: known?.forgotten,
      sources,
      commit: first?.commit,
      sightings: seen?.sightings ?? [],
    };
    return { version, recorded: recorded?.order, committed: first?.time };
  };
  return inOrder(
    [...byId.keys()].toReversed().map(place),
    others.map(({ id }) => place(id)),
  );
}

function earliest(...times: readonly (string | undefined)[]): string {
  return times.filter((time) => time !== undefined).sort()[0] ?? '';
}

/** Whether the bytes were given up, and nothing else has them. */
export function isGone({ forgotten, sources }: Pick<Version, 'forgotten' | 'sources'>): boolean {
  return forgotten === true && sources.every((source) => source === 'recorded');
}

/** Whether the bytes are on other machines at the best. Of what was given up that is said instead. */
export function isElsewhere(version: Pick<Version, 'forgotten' | 'absent' | 'sources'>): boolean {
  return version.absent === true && !isGone(version);
}

/** How a version is called in a row or a sentence: `v4`, else the commit, else the content. */
export function versionName(version: Pick<Version, 'number' | 'commit' | 'id'>): string {
  if (version.number !== undefined) return `v${version.number}`;
  return shortId(version.commit ?? version.id);
}
