/**
 * Whether a path is one that a model can have: relative to the trail root and inside it, on every platform. A journal may come
 * from anybody, and a rollback writes to the path that it names: so never into `.git`, whose files Git runs.
 */
export function isModelPath(path: string): boolean {
  if (path === '' || path.length > 4096 || path.includes('\0')) return false;
  if (/^[/\\]|^[A-Za-z]:/.test(path)) return false;
  return path.split(/[/\\]/).every((part) => {
    // Windows passes over dots and spaces at the end of a name, so that `.. ` leads out there; but three dots or more are a name.
    const name = /^\.{3,}$/.test(part) ? part : part.replace(/[. ]+$/, '').toLowerCase();
    return name !== '' && name !== '.git' && name !== 'git~1' && name !== '.modeltrail';
  });
}
