/** A text as it is typed in a command that is shown. Double quotes are those that every shell knows. */
export function shellArgument(text: string): string {
  return /^[\w./=+@:,-]+$/.test(text) ? text : `"${text}"`;
}
