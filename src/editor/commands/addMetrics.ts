import * as vscode from 'vscode';
import type { Metrics } from '../../core/facts.ts';
import { parseMetricValue } from '../../core/metricValue.ts';
import { versionName } from '../../core/versions.ts';
import { type Command, requireTrust } from './context.ts';
import { pickVersion } from './pick.ts';

export const addMetrics: Command = async ({ trails }, target) => {
  requireTrust();
  const chosen = await pickVersion(trails, target, vscode.l10n.t('Add Metrics'));
  if (!chosen) return;
  const { trail, path, version } = chosen;
  const text = await vscode.window.showInputBox({
    title: vscode.l10n.t('Add metrics to {0} of {1}', versionName(version), path),
    prompt: vscode.l10n.t('Names and numbers, with spaces between'),
    placeHolder: 'f1=0.913 val_loss=0.21',
    validateInput: (text) => {
      const parsed = parseMetricsInput(text);
      return typeof parsed === 'string' ? parsed : undefined;
    },
    ignoreFocusOut: true,
  });
  if (text === undefined) return;
  const metrics = parseMetricsInput(text);
  if (typeof metrics === 'string') return;
  await trail.api.measure({ model: path, version: version.id }, { metrics, params: {} });
};

/** @returns the metrics, or what is wrong with the text */
function parseMetricsInput(text: string): Metrics | string {
  const metrics = new Map<string, number>();
  for (const part of text.split(/[\s,;]+/).filter((part) => part !== '')) {
    const [, name, number = ''] = /^([^=]+)=(.+)$/.exec(part) ?? [];
    const value = parseMetricValue(number);
    if (name === undefined || value === undefined) {
      return vscode.l10n.t('"{0}" should be a name, an equals sign and a number, such as f1=0.913', part);
    }
    metrics.set(name, value);
  }
  if (metrics.size === 0) return vscode.l10n.t('Enter a metric, such as f1=0.913');
  return Object.fromEntries(metrics);
}
