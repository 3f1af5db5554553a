import * as vscode from 'vscode';
import type { LogLevel } from '../engine/protocol.ts';

/** The one place where it is written what went wrong and how. Never with what is in a model. */
export function createLog(): vscode.LogOutputChannel {
  return vscode.window.createOutputChannel('Modeltrail', { log: true });
}

export function writeLog(log: vscode.LogOutputChannel, level: LogLevel, message: string): void {
  log[level](message);
}

export function logError(log: vscode.LogOutputChannel, error: unknown): void {
  log.error(error instanceof Error ? error : String(error));
}
