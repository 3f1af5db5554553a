import * as vscode from 'vscode';
import { messageOf, TrailError } from '../core/errors.ts';
import { unattended } from '../core/operation.ts';
import { type ManifestAddress, manifestScheme, parseManifestUri } from './manifestUri.ts';
import type { Trails } from './trails.ts';

interface Manifest {
  readonly bytes: Uint8Array;
  /** Milliseconds since 1970. The editor takes a text of the same length and time for the same text. */
  readonly mtime: number;
}

/** Manifests are small, but a model can have any number of versions. */
const keptManifests = 32;

/** Serves the readable text of versions and working copies, for VS Code's own text and diff editors. */
export class ManifestFileSystem implements vscode.FileSystemProvider {
  readonly #trails: Trails;
  readonly #changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly #kept = new Map<string, Promise<Manifest>>();
  readonly #workingCopies = new Map<string, vscode.Uri>();
  readonly #subscription: vscode.Disposable;
  #lastTime = 0;

  readonly onDidChangeFile = this.#changed.event;

  constructor(trails: Trails) {
    this.#trails = trails;
    this.#subscription = trails.onDidChange(() => this.#forgetWorkingCopies());
  }

  register(): vscode.Disposable {
    const isReadonly = new vscode.MarkdownString(
      vscode.l10n.t('This text describes a model file. The model is not changed by editing it.'),
    );
    return vscode.workspace.registerFileSystemProvider(manifestScheme, this, {
      isCaseSensitive: true,
      isReadonly,
    });
  }

  /** Before an editor is opened for a text: the editor would put its address where the reason belongs. @throws TrailError when there is none */
  async prepare(uri: vscode.Uri): Promise<void> {
    await this.#manifest(uri);
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const { bytes, mtime } = await this.#served(uri);
    return {
      type: vscode.FileType.File,
      size: bytes.length,
      mtime,
      ctime: mtime,
      permissions: vscode.FilePermission.Readonly,
    };
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    return (await this.#served(uri)).bytes;
  }

  /** As the editor wants to be told of errors. */
  async #served(uri: vscode.Uri): Promise<Manifest> {
    try {
      return await this.#manifest(uri);
    } catch (error) {
      if (TrailError.is(error, 'notFound')) throw vscode.FileSystemError.FileNotFound(messageOf(error));
      if (TrailError.is(error)) throw vscode.FileSystemError.Unavailable(messageOf(error));
      throw error;
    }
  }

  #manifest(uri: vscode.Uri): Promise<Manifest> {
    const key = uri.toString();
    const kept = this.#kept.get(key);
    if (kept) return kept;
    const address = parseManifestUri(uri);
    if (!address) throw vscode.FileSystemError.FileNotFound(uri);
    const manifest = this.#load(uri, address);
    if (address.version === undefined) this.#workingCopies.set(key, uri);
    this.#kept.set(key, manifest);
    manifest.catch(() => this.#kept.delete(key));
    const oldest = this.#kept.keys().next();
    if (this.#kept.size > keptManifests && !oldest.done) this.#kept.delete(oldest.value);
    return manifest;
  }

  async #load(uri: vscode.Uri, { root, model, version, time }: ManifestAddress): Promise<Manifest> {
    // An address may come from anywhere: only what is open here is served.
    const trail = (await this.#trails.open()).find((trail) => trail.root === root);
    if (!trail) throw vscode.FileSystemError.FileNotFound(uri);
    const bytes = new TextEncoder().encode(await trail.api.manifest({ model, version }, unattended));
    return { bytes, mtime: time === undefined ? this.#laterTime() : Date.parse(time) || 0 };
  }

  /** A folder keeps its own time whatever changes in its files, and a file can be given any: so the time of reading. */
  #laterTime(): number {
    return (this.#lastTime = Math.max(Date.now(), this.#lastTime + 1));
  }

  #forgetWorkingCopies(): void {
    const uris = [...this.#workingCopies.values()];
    for (const key of this.#workingCopies.keys()) this.#kept.delete(key);
    this.#workingCopies.clear();
    if (uris.length > 0)
      this.#changed.fire(uris.map((uri) => ({ uri, type: vscode.FileChangeType.Changed })));
  }

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => {});
  }

  readDirectory(uri: vscode.Uri): never {
    throw vscode.FileSystemError.FileNotADirectory(uri);
  }
  createDirectory(): never {
    throw vscode.FileSystemError.NoPermissions();
  }
  writeFile(): never {
    throw vscode.FileSystemError.NoPermissions();
  }
  delete(): never {
    throw vscode.FileSystemError.NoPermissions();
  }
  rename(): never {
    throw vscode.FileSystemError.NoPermissions();
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#changed.dispose();
  }
}
