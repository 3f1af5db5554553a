import type { Command } from './command.ts';
import { compare } from './commands/compare.ts';
import { diff } from './commands/diff.ts';
import { du } from './commands/du.ts';
import { forget } from './commands/forget.ts';
import { gc } from './commands/gc.ts';
import { git } from './commands/git.ts';
import { inspect } from './commands/inspect.ts';
import { log } from './commands/log.ts';
import { metrics } from './commands/metrics.ts';
import { note } from './commands/note.ts';
import { pack } from './commands/pack.ts';
import { record } from './commands/record.ts';
import { rename } from './commands/rename.ts';
import { rollback } from './commands/rollback.ts';
import { show } from './commands/show.ts';
import { stage } from './commands/stage.ts';
import { status } from './commands/status.ts';
import { store } from './commands/store.ts';
import { tag } from './commands/tag.ts';
import { undo } from './commands/undo.ts';
import { verify } from './commands/verify.ts';

/** In the order of the help: looking, recording, telling, comparing, going back, checking, keeping the store small, Git. */
export const commands: readonly Command[] = [
  status,
  log,
  show,
  inspect,
  record,
  tag,
  stage,
  note,
  metrics,
  rename,
  diff,
  compare,
  rollback,
  undo,
  verify,
  du,
  pack,
  forget,
  gc,
  store,
  git,
];
