/**
 * A text as it is typed in a command that is shown. Double quotes are those that every shell knows; a name in which a POSIX shell would
 * find a command to run there is in single ones.
 */
export function shellArgument(text: string): string {
  if (/^[\w./=+@:,-]+$/.test(text)) return text;
  return /["$`\\!]/.test(text) ? posixQuoted(text) : `"${text}"`;
}

/** For a POSIX shell, to which nothing in it means anything but itself. */
export function posixQuoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
