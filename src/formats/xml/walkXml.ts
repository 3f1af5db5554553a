import { SaxesParser } from 'saxes';
import { throwIfCancelled } from '../../core/operation.ts';
import { Malformed } from '../byteCursor.ts';
import type { RandomAccess } from '../randomAccess.ts';

/** An element, without what is in it. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
}

export interface XmlVisitor {
  open(element: XmlElement, parents: readonly XmlElement[]): void;
  close(element: XmlElement, parents: readonly XmlElement[]): void;
}

const chunk = 256 * 1024;
/** Elements in elements; trees of decisions are the deepest. */
const maxDepth = 1000;
/** Time. */
const maxBytes = 256 * 2 ** 20;

/**
 * Shows the elements of an XML file to a visitor, as they come. Declarations of document types, and with them entities of their own, are
 * refused.
 * @throws Malformed
 */
export async function walkXml(access: RandomAccess, signal: AbortSignal, visitor: XmlVisitor): Promise<void> {
  if (access.size > maxBytes) throw new Malformed();
  const parents: XmlElement[] = [];
  const parser = new SaxesParser();
  // Its own errors carry parts of the file.
  parser.on('error', () => {
    throw new Malformed();
  });
  parser.on('doctype', () => {
    throw new Malformed();
  });
  parser.on('opentag', ({ name, attributes }) => {
    if (parents.length > maxDepth) throw new Malformed();
    const element = { name, attributes };
    visitor.open(element, parents);
    parents.push(element);
  });
  parser.on('closetag', () => {
    const element = parents.pop();
    if (element) visitor.close(element, parents);
  });
  const decoder = new TextDecoder();
  for (let at = 0; at < access.size; at += chunk) {
    throwIfCancelled({ signal });
    const bytes = await access.read(at, Math.min(chunk, access.size - at));
    parser.write(decoder.decode(bytes, { stream: true }));
  }
  parser.write(decoder.decode()).close();
}
