import type * as vscode from 'vscode';
import { env } from 'vscode';
import { type Operation, throwIfCancelled } from '../../core/operation.ts';
import type { Handlers } from '../../rpc/contract.ts';
import type { TensorSlice } from '../../trail/api/inspection.ts';
import type { ReadTarget } from '../../trail/api/targets.ts';
import type { inspectContract, Inspected, Shown, Slice } from '../../webview/inspect/messages.ts';
import { saveText } from '../panels/saveText.ts';
import { TextPieces } from '../panels/textPieces.ts';
import { fileOf, type Place } from './locate.ts';
import { trailStrip } from './trailStrip.ts';

export interface SessionDeps {
  locate(): Promise<Place>;
  /** What the user asked to see and has not seen yet. */
  takeAsked(): Shown | undefined;
  /** From now on the page shows this. */
  shows(shown: Shown): void;
  diff(place: Place, a: Shown, b: Shown): Promise<void>;
  reopen(): Promise<void>;
  rollBack(file: vscode.Uri): Promise<void>;
  /** The folder of a file as people see it. */
  folderOf(file: vscode.Uri): string;
  translations(): Record<string, string> | undefined;
}

/** Answers the page of one open editor. */
export function inspectSession(uri: vscode.Uri, deps: SessionDeps): Handlers<typeof inspectContract> {
  const file = fileOf(uri);
  const text = new TextPieces();

  async function target(shown: Shown): Promise<{ place: Place; target: ReadTarget }> {
    const place = await deps.locate();
    const { model, version, at } = place;
    return { place, target: { model, version: shown ?? undefined, at: shown === version ? at : undefined } };
  }
  async function inspect(shown: Shown, operation: Operation): Promise<Inspected> {
    deps.shows(shown);
    const { place, target: what } = await target(shown);
    const { json, formatLabel, id } = await place.api.inspectText(what, operation);
    // The page may ask for the pieces of another by now.
    throwIfCancelled(operation);
    return { formatLabel, id, pieces: text.put(json) };
  }
  return {
    translations: () => deps.translations() ?? null,
    async start() {
      const asked = deps.takeAsked();
      return {
        name: file.path.slice(file.path.lastIndexOf('/') + 1),
        folder: deps.folderOf(file),
        // An address of Git's is a version, which the page must be told.
        shown: asked === undefined && file !== uri ? (await deps.locate()).version : asked,
      };
    },
    trail: async () => trailStrip(await deps.locate()),
    inspect,
    piece: (index) => text.take(index),
    async detail(shown, tensor, operation) {
      const { place, target: what } = await target(shown);
      const { obstacle, statistics, histogram } = await place.api.tensorDetail(what, tensor, operation);
      return {
        obstacle,
        statistics,
        histogram: histogram && { ...histogram, counts: [...histogram.counts] },
      };
    },
    async slice(shown, tensor, request, operation) {
      const { place, target: what } = await target(shown);
      return sentSlice(await place.api.tensorSlice(what, tensor, request, operation));
    },
    diff: async (a, b) => void (await deps.diff(await deps.locate(), a, b)),
    reopen: async () => void (await deps.reopen()),
    rollBack: async () => void (await deps.rollBack(file)),
    copy: async (text) => void (await env.clipboard.writeText(text)),
    save: (kind, content) =>
      saveText(content, kind, {
        defaultUri: file.with({ scheme: 'file', path: `${file.path}.${kind}`, query: '' }),
      }),
  };
}

function sentSlice({ obstacle, planes, height, width, rows, columns, values }: TensorSlice): Slice {
  const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  return { obstacle, planes: [...planes], height, width, rows, columns, values: bytes.toString('base64') };
}
