import { JsonError, JsonTooLong, type JsonCursor } from '../jsonCursor.ts';
import { join, maxDepth, maxNumbers, type ValueSink } from './valueSink.ts';

/** Gives the sink what is at the cursor. @throws JsonError, JsonTooLong */
export function walkJson(cursor: JsonCursor, sink: ValueSink, path = '', depth = 0): void {
  if (depth > maxDepth) throw new JsonError(cursor.offset);
  if (!sink.wants(path)) return cursor.skipValue();
  switch (cursor.peek()) {
    case 'object':
      cursor.object((key) => walkJson(cursor, sink, join(path, key), depth + 1));
      return sink.end(path);
    case 'array':
      return walkList(cursor, sink, path, depth);
    case 'string':
      return sink.text(path, cursor.string());
    case 'number':
      return sink.text(path, cursor.number());
    case 'other':
      return cursor.skipValue();
  }
}

function walkList(cursor: JsonCursor, sink: ValueSink, path: string, depth: number): void {
  const numbers: number[] = [];
  let isNumbers = true;
  cursor.array(() => {
    if (cursor.peek() === 'number') {
      if (numbers.push(Number(cursor.number())) > maxNumbers) throw new JsonTooLong();
    } else {
      isNumbers = false;
      walkJson(cursor, sink, join(path, '*'), depth + 1);
    }
  });
  if (isNumbers) sink.numbers(path, numbers);
}
