import path from 'node:path';
import * as vscode from 'vscode';
import { coalesce } from './coalesce.ts';
import type { OpenTrail } from './openTrail.ts';
import type { Trails } from './roots.ts';

/** Shows what is damaged in a trail in the Problems view, where the file can be opened. */
export class Problems implements vscode.Disposable {
  readonly #trails: Trails;
  readonly #log: vscode.LogOutputChannel;
  readonly #collection = vscode.languages.createDiagnosticCollection('modeltrail');
  readonly #subscriptions: vscode.Disposable;

  constructor(trails: Trails, log: vscode.LogOutputChannel) {
    this.#trails = trails;
    this.#log = log;
    const updateSoon = coalesce(() => void this.#update(), 100, 1000);
    this.#subscriptions = vscode.Disposable.from(this.#collection, trails.onDidChange(updateSoon), {
      dispose: updateSoon.cancel,
    });
  }

  async #update(): Promise<void> {
    try {
      const found = await Promise.all(this.#trails.opened.map(problemsOf));
      this.#collection.clear();
      this.#collection.set(found.flat());
    } catch (error) {
      this.#log.error(error instanceof Error ? error : String(error));
    }
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }
}

async function problemsOf(trail: OpenTrail): Promise<[vscode.Uri, vscode.Diagnostic[]][]> {
  const { problems } = await trail.api.info();
  return problems.map((problem) => {
    const uri = path.isAbsolute(problem.path) ? vscode.Uri.file(problem.path) : trail.uri(problem.path);
    const start = new vscode.Range(0, 0, 0, 0);
    const diagnostic = new vscode.Diagnostic(start, problem.message, vscode.DiagnosticSeverity.Warning);
    diagnostic.source = 'Modeltrail';
    return [uri, [diagnostic]];
  });
}
