import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { defaultExclude, defaultInclude } from '../../src/core/defaultPatterns.ts';
import { defaultKeepRules } from '../../src/core/keepRules.ts';
import { defaultStages } from '../../src/core/stages.ts';

const root = path.join(import.meta.dirname, '../..');
const manifestText = readFileSync(path.join(root, 'package.json'), 'utf8');
const manifest = JSON.parse(manifestText) as {
  capabilities: { untrustedWorkspaces: { restrictedConfigurations: string[] } };
  contributes: {
    commands: { command: string; title: string; icon?: string; enablement?: string }[];
    menus: Record<string, { command?: string; when?: string; group?: string }[]>;
    walkthroughs: { steps: { id: string; description: string; completionEvents: string[] }[] }[];
    viewsWelcome: { view: string; contents: string; when: string }[];
    configuration: { properties: Record<string, { default: unknown }> };
  };
};
const { commands, menus, configuration, viewsWelcome, walkthroughs } = manifest.contributes;
const names = JSON.parse(readFileSync(path.join(root, 'package.nls.json'), 'utf8')) as Record<string, string>;

describe('What package.json contributes', () => {
  it('has the defaults that the command line has', () => {
    const { properties } = configuration;
    expect(properties['modeltrail.include']?.default).toEqual(defaultInclude);
    expect(properties['modeltrail.exclude']?.default).toEqual(defaultExclude);
    expect(properties['modeltrail.stages']?.default).toEqual(defaultStages);
    const kept = ['Last', 'Days', 'Tagged', 'Staged', 'Best'].map((name) => [
      name.toLowerCase(),
      properties[`modeltrail.freeSpace.keep${name}`]?.default,
    ]);
    expect(Object.fromEntries(kept)).toEqual(defaultKeepRules);
  });

  it('does not let an untrusted workspace say where bytes are kept', () => {
    const { restrictedConfigurations } = manifest.capabilities.untrustedWorkspaces;
    expect(restrictedConfigurations).toContain('modeltrail.store.path');
  });

  it('offers its file menu on every kind of model file', () => {
    for (const place of ['explorer/context', 'editor/title/context']) {
      const when = menus[place]?.[0]?.when ?? '';
      const pattern = new RegExp(/resourceFilename =~ \/(.+)\/i/.exec(when)?.[1] ?? 'none', 'i');
      for (const glob of defaultInclude.filter(
        (pattern) => pattern.startsWith('**/*.') && !pattern.endsWith('.json'),
      ))
        expect(glob.slice('**/'.length)).toMatch(pattern);
      for (const other of ['notes.txt', 'train.data', 'onnx_data']) expect(other).not.toMatch(pattern);
    }
  });

  it('names every string in package.nls.json, and names there nothing else', () => {
    const used = new Set([...manifestText.matchAll(/"%([\w.]+)%"/g)].map((match) => match[1]));
    expect([...used].sort()).toEqual(Object.keys(names).sort());
  });

  it('offers in the palette no command that has nothing to work on', () => {
    const hidden = new Map((menus['commandPalette'] ?? []).map(({ command, when }) => [command, when]));
    const always = commands.filter(({ command, enablement }) => !enablement && !hidden.get(command));
    expect(always.map(({ command }) => command)).toEqual(['modeltrail.showLog']);
  });

  it('puts only commands in menus that exist, and at most three on a row', () => {
    const known = new Set(commands.map(({ command }) => command));
    const items = Object.values(menus).flat();
    for (const { command } of items) if (command !== undefined) expect(known).toContain(command);

    const inline = (menus['view/item/context'] ?? []).filter(({ group }) => group?.startsWith('inline'));
    for (const word of ['model', 'working', 'version', 'undoable']) {
      const shown = inline.filter(({ when }) => new RegExp(`=~ .*\\b${word}\\b`).test(when ?? ''));
      expect(shown.length, word).toBeLessThanOrEqual(3);
    }
    for (const { command } of inline) {
      expect(commands.find((known) => known.command === command)?.icon, command).toMatch(/^\$\(.+\)$/);
    }
  });
});

describe('The walkthrough', () => {
  const steps = walkthroughs.flatMap((walkthrough) => walkthrough.steps);

  it('ticks off each step when the command that it offers is run', () => {
    for (const { id, description, completionEvents } of steps) {
      const text = names[description.slice(1, -1)] ?? '';
      const [, offered] = /\]\(command:([\w.]+)\)/.exec(text) ?? [];
      expect(completionEvents, id).toContain(`onCommand:${offered}`);
    }
  });
});

describe('What is known of a workspace', () => {
  const folder = { workspaceFolderCount: 1 };
  const empty = { ...folder, 'modeltrail.activity': 'empty' };
  const welcome = (keys: Keys): string[] =>
    viewsWelcome
      .filter(({ view, when }) => view === 'modeltrail.activity' && holds(when, keys))
      .map(({ contents }) => contents.slice('%welcome.'.length, -1));

  it('is waited for before Activity says that nothing was recorded', () => {
    expect(welcome(folder)).toEqual([]);
    expect(welcome(empty)).toEqual(['noActivity']);
    expect(welcome({ ...folder, 'modeltrail.activity': 'some', 'modeltrail.hasModels': true })).toEqual([]);
    expect(welcome({ ...empty, 'modeltrail.restricted': true })).toEqual(['noActivityUntrusted']);
  });

  it('has to have a model before Activity offers to record one', () => {
    const keys = { ...empty, 'modeltrail.hasModels': true };
    expect(welcome(keys)).toEqual(['noActivity', 'recordFirst']);
    expect(welcome({ ...keys, 'modeltrail.restricted': true })).toEqual(['noActivityUntrusted']);
    expect(names['welcome.noActivity']).not.toContain('command:');
  });

  it('has to have something recorded before it can be verified or freed', () => {
    for (const name of ['modeltrail.verify', 'modeltrail.freeSpace']) {
      const enablement = commands.find(({ command }) => command === name)?.enablement ?? '';
      expect(holds(enablement, empty), name).toBe(false);
      expect(holds(enablement, { ...folder, 'modeltrail.activity': 'some' }), name).toBe(true);
      // Nobody looked yet.
      expect(holds(enablement, folder), name).toBe(true);
    }
  });
});

type Keys = Readonly<Record<string, unknown>>;

/** Whether a `when` clause of terms joined by `&&` holds where the editor has these context keys. */
function holds(when: string, keys: Keys): boolean {
  return when.split(' && ').every((term) => {
    const [, not, key = '', operator, value] = /^(!?)([\w.]+)(?: ([!=]=) '?(\w+)'?)?$/.exec(term) ?? [];
    if (operator === undefined) return Boolean(keys[key]) !== (not === '!');
    return (String(keys[key]) === value) === (operator === '==');
  });
}

it('the title of a view has at most two buttons, and one more while it is filtered, so that a narrow side bar has room for its name', () => {
  const buttons = (view: string): string[] =>
    (menus['view/title'] ?? [])
      .filter(({ when, group }) => when?.startsWith(`view == ${view}`) && group?.startsWith('navigation'))
      .flatMap(({ command }) => command ?? []);
  // The editor adds Collapse All.
  expect(buttons('modeltrail.models')).toEqual([
    'modeltrail.compareVersions',
    'modeltrail.filterVersions',
    'modeltrail.clearFilter',
  ]);
  const clear = (menus['view/title'] ?? []).find(({ command }) => command === 'modeltrail.clearFilter');
  expect(clear?.when).toBe('view == modeltrail.models && modeltrail.filtered');
  expect(buttons('modeltrail.activity')).toHaveLength(2);
});

describe('The menu of a row', () => {
  it('offers of a file that is not there nothing that looks into it', () => {
    const looking = ['modeltrail.openManifest', 'modeltrail.showModel'];
    const ofFile = [...looking, 'modeltrail.diffWithNewestVersion'];
    expect(offeredOn('working changed')).toEqual(expect.arrayContaining(ofFile));
    expect(offeredOn('version recorded')).toEqual(
      expect.arrayContaining([...looking, 'modeltrail.diffWithWorkingCopy']),
    );
    expect(offeredOn('working missing').filter((command) => ofFile.includes(command))).toEqual([]);
    expect(offeredOn('working missing')).toContain('modeltrail.checkWorkingCopy');
    expect(offeredOn('version recorded nofile')).not.toContain('modeltrail.diffWithWorkingCopy');
    expect(offeredOn('version recorded nofile')).toContain('modeltrail.openManifest');
  });

  it('offers of a model without versions nothing that takes one', () => {
    const taking = ['diffWithNewestVersion', 'compareVersions', 'rollBack'].map(
      (name) => `modeltrail.${name}`,
    );
    const offered = (state: string): string[] => [
      ...offeredOn(`model ${state}`),
      ...offeredOn(`working ${state}`),
    ];
    expect(offered('changed')).toEqual(expect.arrayContaining(taking));
    expect(offered('changed unrecorded').filter((command) => taking.includes(command))).toEqual([]);
    expect(offered('changed unrecorded')).toContain('modeltrail.recordVersion');
  });
});

/** The commands on a row of the models view by its `contextValue`. */
function offeredOn(viewItem: string): string[] {
  const isTrue = (clause: string): boolean => {
    const [, not, pattern] = /^(!\()?viewItem =~ \/(.+)\/\)?$/.exec(clause) ?? [];
    if (pattern === undefined) return ['view == modeltrail.models', '!listMultiSelection'].includes(clause);
    return new RegExp(pattern).test(viewItem) !== (not !== undefined);
  };
  const offered = (menus['view/item/context'] ?? []).filter(({ when }) => when?.split(' && ').every(isTrue));
  return offered.flatMap(({ command }) => command ?? []);
}

describe('The translations', () => {
  it('have every string of the sources: `npm run l10n` brings them up to date', () => {
    const bundle = JSON.parse(readFileSync(path.join(root, 'l10n/bundle.l10n.json'), 'utf8')) as object;
    const missing = sources(path.join(root, 'src')).flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(/l10n\.t\(\s*'((?:[^'\\]|\\.)*)'/g)]
        .map((match) => (match[1] ?? '').replaceAll("\\'", "'"))
        .filter((text) => !Object.hasOwn(bundle, text)),
    );
    expect(missing).toEqual([]);
  });
});

function sources(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => path.join(folder, name));
}
