import * as vscode from 'vscode';
import { exclusiveStage, retiredStage } from '../core/stages.ts';

/** Of the icon of a stage, as text in these would be too faint; those that a team named itself share one. */
export function stageColor(stage: string | undefined): vscode.ThemeColor | undefined {
  switch (stage) {
    case undefined:
    case 'development':
      return undefined;
    case exclusiveStage:
      return new vscode.ThemeColor('charts.green');
    case 'staging':
      return new vscode.ThemeColor('charts.yellow');
    case retiredStage:
      return new vscode.ThemeColor('descriptionForeground');
    default:
      return new vscode.ThemeColor('charts.blue');
  }
}
