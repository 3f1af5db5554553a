import type { Author, ModelPath } from '../../core/facts.ts';
import type { HeldElsewhere, KeepDecision } from '../../core/keepRules.ts';
import type { Version } from '../../core/versions.ts';
import type { Problem } from './models.ts';

// What is said of the bytes that are kept, and of what is done with them.

export interface VerifyOptions {
  /** So many recorded versions, chosen at random; all of them if not given. */
  readonly sample?: number;
  /** Brings back what is damaged or missing from Git, Git LFS, DVC or an equal working copy. */
  readonly repair?: boolean;
}

export interface VerifyReport {
  /** Versions that were read. */
  readonly checked: number;
  readonly bytes: number;
  /** Versions whose bytes are not here, and were recorded on other machines: why, and where they could come from. */
  readonly absent: readonly Problem[];
  /** Commits that took entries out of the journal: where their versions went, and how they come back. */
  readonly takenOut: readonly Problem[];
  /** Versions whose bytes were brought back. */
  readonly repaired: number;
  /** Entries of the journal that were damaged and are written back. */
  readonly restored: number;
  /** What is wrong still. */
  readonly problems: readonly Problem[];
}

/** What a version takes in the store, in bytes. */
export interface VersionUsage {
  readonly version: Version;
  /** Its blocks, those that it shares with others too. */
  readonly stored: number;
  /** What would be free without it. */
  readonly own: number;
}

export interface ModelUsage {
  readonly model: ModelPath;
  /** The recorded versions that are in the store, newest first. */
  readonly versions: readonly VersionUsage[];
  /** The sizes of the versions. */
  readonly size: number;
  /** What they take together. */
  readonly stored: number;
}

export interface TrailUsage {
  /** The folder of the contents. */
  readonly folder: string;
  readonly models: readonly ModelUsage[];
  /** The sizes of all contents in the store, each once. */
  readonly size: number;
  /** What the store takes, with what nobody needs any more and what other branches and folders keep in it. */
  readonly stored: number;
}

/** What would go by some rules and what would stay; nothing is changed by making it. */
export interface FreePlan {
  readonly keep: readonly KeptVersion[];
  readonly free: readonly FreeableVersion[];
  /** What goes whatever the rules say. */
  readonly givenUp: readonly GivenUpVersion[];
  /** What would be free without all that goes, in bytes. */
  readonly bytes: number;
  /** What the store takes now, in bytes. */
  readonly stored: number;
}

export interface FreeableVersion {
  readonly version: Version;
  /** What would be free without this one alone, in bytes: less than its share where others that go share it. */
  readonly bytes: number;
}

/** One whose bytes somebody gave up, here or elsewhere, and that are here still: the next collection of garbage takes them. */
export interface GivenUpVersion extends FreeableVersion {
  readonly by: Author;
  /** ISO 8601 in UTC. */
  readonly time: string;
}

export interface ForgetPlan {
  /** What would be free without the bytes of the versions, in bytes. */
  readonly bytes: number;
  /** What goes besides with the next collection of garbage. */
  readonly givenUp: readonly GivenUpVersion[];
  /** Those of the versions that are tagged, in a stage or in use elsewhere, which is not said here. */
  readonly heldElsewhere: readonly HeldVersion[];
}

/** With the reasons in a few words each. */
export interface KeptVersion extends KeepDecision {
  readonly why: readonly string[];
}

export interface HeldVersion extends KeptVersion {
  readonly reasons: readonly HeldElsewhere[];
}

export interface ForgetResult {
  /** Whose bytes were given up. */
  readonly forgotten: readonly Version[];
  /** What garbage collection will free because of that, in bytes. */
  readonly bytes: number;
}

export interface GarbageReport {
  /** Pack files, and whole files of the first layout, that are gone, and what they took, in bytes. */
  readonly removed: number;
  readonly freed: number;
  /** What the next collection will free when nobody has relied on it for an hour, in bytes. */
  readonly waiting: number;
  /** Who keeps all that is in the store because what they recorded cannot be read from here: by their files in `users/`. */
  readonly heldBy: readonly Problem[];
}

/** What the store took before and takes now, in bytes. */
export interface PackReport {
  readonly before: number;
  readonly after: number;
  readonly waiting: number;
}

export interface MoveReport {
  readonly from: string;
  readonly to: string;
  /** In bytes. */
  readonly copied: number;
  /** False when others still use the old folder. */
  readonly removed: boolean;
}
