const unsafe = /[\\\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/**
 * A name from a file as one line that shows what it is: control, invisible and direction-changing characters, which could make
 * a name look like another, are written out. Different names stay different.
 */
export function displayText(text: string): string {
  return text.replace(unsafe, (character) =>
    character === '\\' ? '\\\\' : `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}

const mostNames = 5;

/** The first few names of a list, which may be long, for a sentence. */
export function displayNames(names: readonly string[]): string {
  return names.slice(0, mostNames).map(displayText).join(', ') + (names.length > mostNames ? '…' : '');
}
