import path from 'node:path';
import * as vscode from 'vscode';
import type { Problem } from '../trail/api/models.ts';
import { coalesce } from './coalesce.ts';
import { logError } from './log.ts';
import type { OpenTrail } from './openTrail.ts';
import type { Trails } from './trails.ts';

/** Shows what is damaged in a trail in the Problems view, where the file can be opened. */
export class Problems implements vscode.Disposable {
  readonly #trails: Trails;
  readonly #log: vscode.LogOutputChannel;
  readonly #collection = vscode.languages.createDiagnosticCollection('modeltrail');
  readonly #subscriptions: vscode.Disposable;
  readonly #updateSoon: () => void;
  /** What verifying found, by the root of the trail; it stays until it is looked at again. */
  readonly #verified = new Map<string, readonly Problem[]>();

  constructor(trails: Trails, log: vscode.LogOutputChannel) {
    this.#trails = trails;
    this.#log = log;
    const updateSoon = coalesce(() => void this.#update(), 100, 1000);
    this.#updateSoon = updateSoon;
    this.#subscriptions = vscode.Disposable.from(
      this.#collection,
      trails.onDidChange(updateSoon),
      // Of what was found as they were opened no change is told.
      trails.onDidOpen(updateSoon),
      { dispose: updateSoon.cancel },
    );
  }

  /** Shows what verifying found; `all` tells that nothing else is wrong. */
  setVerified({ root }: OpenTrail, problems: readonly Problem[], all: boolean): void {
    const before = all ? [] : (this.#verified.get(root) ?? []);
    const isNew = ({ message }: Problem): boolean => !problems.some((problem) => problem.message === message);
    this.#verified.set(root, [...before.filter(isNew), ...problems]);
    this.#updateSoon();
  }

  async #update(): Promise<void> {
    const { opened } = this.#trails;
    const found = await Promise.all(opened.map((trail) => this.#problemsOf(trail)));
    // Those that are open by now are asked as well.
    if (opened !== this.#trails.opened) return;
    this.#collection.clear();
    this.#collection.set(found.flat());
  }

  async #problemsOf(trail: OpenTrail): Promise<readonly [vscode.Uri, vscode.Diagnostic[]][]> {
    const verified = this.#verified.get(trail.root) ?? [];
    try {
      const { problems } = await trail.api.info();
      return diagnosticsOf(trail, [...problems, ...verified]);
    } catch (error) {
      // The models view shows what is wrong with a trail; those of the others are theirs.
      logError(this.#log, error);
      return diagnosticsOf(trail, verified);
    }
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }
}

function diagnosticsOf(
  trail: OpenTrail,
  problems: readonly Problem[],
): readonly [vscode.Uri, vscode.Diagnostic[]][] {
  return problems.map((problem) => {
    const uri = path.isAbsolute(problem.path) ? vscode.Uri.file(problem.path) : trail.uri(problem.path);
    const start = new vscode.Range(0, 0, 0, 0);
    const diagnostic = new vscode.Diagnostic(start, problem.message, vscode.DiagnosticSeverity.Warning);
    diagnostic.source = 'Modeltrail';
    return [uri, [diagnostic]];
  });
}
