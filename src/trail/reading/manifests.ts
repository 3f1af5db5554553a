import type { ContentId } from '../../core/facts.ts';
import type { Operation } from '../../core/operation.ts';
import { describeModel, readText } from '../../formats/describe.ts';
import { formatLabel } from '../../formats/formatNames.ts';
import { manifestText } from '../../formats/manifest.ts';
import { hashFile } from '../../files/hash.ts';
import type { ReadTarget } from '../api/targets.ts';
import type { TrailContext } from '../context.ts';
import { hashDirectory, isModelDirectory } from '../contents/directoryCopies.ts';
import { openContent } from './openContent.ts';
import { absolutePath } from '../paths.ts';

/** The text that stands for a version or the working copy in a text diff: a text model itself, a manifest of any other. */
export async function manifest(
  context: TrailContext,
  target: ReadTarget,
  operation: Operation,
): Promise<string> {
  const { access, name, id, sibling, size = access.size } = await openContent(context, target, operation);
  try {
    const { signal } = operation;
    const described = await describeModel(access, name, signal, sibling);
    const { format, summary, isText, textPreview } = described;
    if (isText) return await readText(access);
    return manifestText(summary, {
      name: target.model,
      format: formatLabel(format),
      size,
      sha256: id ?? (await workingId(context, target, operation)),
      textPreview,
    });
  } finally {
    await access.close();
  }
}

async function workingId(
  context: TrailContext,
  { model }: ReadTarget,
  operation: Operation,
): Promise<ContentId> {
  if (await isModelDirectory(context, model)) return (await hashDirectory(context, model, operation)).id;
  const { id, stamp } = await hashFile(absolutePath(context.root, model), operation, model);
  context.stamps.remember(model, stamp, id);
  return id;
}
