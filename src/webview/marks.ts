/** What people put on a version: its tags, and the stage that it is in. */
export function marksOf(version: {
  readonly tags: readonly string[];
  readonly stage?: string;
}): readonly string[] {
  return version.stage === undefined ? version.tags : [...version.tags, version.stage];
}
