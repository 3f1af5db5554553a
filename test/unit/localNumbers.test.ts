import { describe, expect, it, test, vi } from 'vitest';
import { localNumber } from '../../src/core/localNumber.ts';
import { verdictSentence } from '../../src/diff/verdictSentence.ts';

/** The language of the editor, and so of its pages. */
const language = 'de';
vi.stubGlobal('document', { documentElement: { lang: language } });
vi.mock('vscode', () => ({ env: { language: 'de' } }));

describe('a number of the editor', () => {
  // The languages that there are packs for, and what an operating system may add to them.
  const languages =
    'en en-US cs de de-CH-1996 es fr hu bg it ja ko pl pt-BR ru tr uk nl id zh-CN zh-TW'.split(' ');

  it.each(languages)('is written as people who read %s write numbers', (language) => {
    const [primary] = language.split('-');
    const expected = new Intl.NumberFormat(primary).format(-1_234_567.8);
    expect(localNumber('-1,234,567.8', language)).toBe(expected);
  });

  it('is one number only, with a decimal comma, wherever in a page it is', async () => {
    const { bytesText, countText, differenceText, exactText, metricText, numberText, shareText } =
      await import('../../src/webview/format.ts');
    expect([numberText(1234), countText(1234), metricText(1234)]).toEqual(['1.234', '1.234', '1.234']);
    expect([numberText(1.234), metricText(1.234), exactText(1.234)]).toEqual(['1,234', '1,234', '1,234']);
    expect([numberText(-12345.5), numberText(1.5e-7), numberText(NaN)]).toEqual([
      '-12.345,5',
      '1,5e-7',
      'NaN',
    ]);
    expect([bytesText(1.5 * 2 ** 20), shareText(0.015)]).toEqual(['1,5 MB', '1,5\u00a0%']);
    expect(differenceText(1234.5)).toBe('+1.235');
  });

  it('is written in the same way in a row of a view', async () => {
    const { formatBytes, formatMetric } = await import('../../src/editor/text.ts');
    expect([formatMetric(12345.67), formatMetric(0.9135), formatBytes(1536)]).toEqual([
      '12.346',
      '0,9135',
      '1,5 KB',
    ]);
  });

  it('is in the sentence about a diff as it is around it, and plain in a report', () => {
    const told = {
      identical: false,
      complete: true,
      tensors: {
        added: 0,
        removed: 0,
        changed: 1,
        same: 1,
        unknown: 0,
        renamed: 0,
        entries: [],
        modules: [],
      },
      hyperparameters: [],
      verdict: {
        architecture: 'same',
        tensors: 2,
        changedTensors: 1,
        changedShare: 0.125,
        relativeL2: 1.234,
        changedHyperparameters: 0,
        alarms: [],
      },
    } as const;
    const inLanguage = (number: string) => localNumber(number, language);
    expect(verdictSentence(told)).toMatch(/12\.5 % .* 1\.234\.$/);
    expect(verdictSentence(told, inLanguage)).toMatch(/12,5 % .* 1,234\.$/);
  });
});

test('what is copied of a metric that changed is for other programs', async () => {
  const { metricValues } = await import('../../src/webview/diff/namedValues.ts');
  const side = { key: { root: '/', model: 'm' }, name: '', message: '', age: '', time: '', tags: [] };
  const metrics = [{ name: 'ppl', a: '1,234', b: '1.234', delta: '-1,230' }];
  const params = [{ name: 'lr', a: '0.001', b: '1e-4' }];
  const [ppl, lr] = metricValues({ a: side, b: side, metrics, params, stamp: '' });
  expect(ppl).toMatchObject({ a: '1.234', b: '1,234', delta: '-1.230', copied: 'ppl: 1,234 → 1.234' });
  // As whoever recorded it wrote it.
  expect(lr).toMatchObject({ a: '0.001', copied: 'lr: 0.001 → 1e-4' });
});
