import * as vscode from 'vscode';
import { defaultKeepRules, type KeepRules } from '../../core/keepRules.ts';

type Name = keyof KeepRules;

interface RuleItem extends vscode.QuickPickItem {
  readonly name: Name;
}

/** What the settings say about which versions stay. */
export function keepRulesOf(resource: vscode.Uri): KeepRules {
  const settings = vscode.workspace.getConfiguration('modeltrail.freeSpace', resource);
  return {
    last: settings.get('keepLast', defaultKeepRules.last),
    days: settings.get('keepDays', defaultKeepRules.days),
    tagged: settings.get('keepTagged', defaultKeepRules.tagged),
    staged: settings.get('keepStaged', defaultKeepRules.staged),
    best: settings.get('keepBest', defaultKeepRules.best),
  };
}

/** Asks which versions stay, beginning with those rules; the numbers can be edited. @returns undefined when dismissed */
export async function pickKeepRules(given: KeepRules): Promise<KeepRules | undefined> {
  const numbers = { last: given.last || defaultKeepRules.last, days: given.days || defaultKeepRules.days };
  let chosen = new Set((Object.keys(given) as Name[]).filter((name) => Boolean(given[name])));
  for (;;) {
    const answer = await ask(numbers, chosen);
    if (!answer) return undefined;
    chosen = answer.chosen;
    const { edit } = answer;
    if (edit) {
      numbers[edit] = (await askNumber(edit, numbers[edit])) ?? numbers[edit];
    } else {
      return {
        last: chosen.has('last') ? numbers.last : 0,
        days: chosen.has('days') ? numbers.days : 0,
        tagged: chosen.has('tagged'),
        staged: chosen.has('staged'),
        best: chosen.has('best'),
      };
    }
  }
}

type Edited = 'last' | 'days';
type Numbers = Readonly<Record<Edited, number>>;

interface Answer {
  readonly chosen: Set<Name>;
  /** The number to ask for before this is asked again. */
  readonly edit?: Edited;
}

function ask(numbers: Numbers, chosen: ReadonlySet<Name>): Promise<Answer | undefined> {
  const pick = vscode.window.createQuickPick<RuleItem>();
  const items = ruleItems(numbers);
  pick.title = vscode.l10n.t('Free Space: Which Versions Stay');
  pick.placeholder = vscode.l10n.t('A version stays when one of the checked rules keeps it');
  pick.canSelectMany = true;
  pick.ignoreFocusOut = true;
  return new Promise((resolve) => {
    const answer = (edit?: Edited): void => {
      resolve({ chosen: new Set(pick.selectedItems.map(({ name }) => name)), edit });
      pick.hide();
    };
    pick.onDidAccept(() => answer());
    pick.onDidTriggerItemButton(({ item: { name } }) => {
      if (name === 'last' || name === 'days') answer(name);
    });
    pick.onDidHide(() => {
      resolve(undefined);
      pick.dispose();
    });
    pick.items = items;
    pick.selectedItems = items.filter(({ name }) => chosen.has(name));
    pick.show();
  });
}

function ruleItems({ last, days }: Numbers): readonly RuleItem[] {
  const { l10n } = vscode;
  const buttons = [{ iconPath: new vscode.ThemeIcon('edit'), tooltip: l10n.t('Change the Number') }];
  return [
    {
      name: 'last',
      label: last === 1 ? l10n.t('The newest of each model') : l10n.t('The newest {0} of each model', last),
      buttons,
    },
    {
      name: 'days',
      label: days === 1 ? l10n.t('Those of the last day') : l10n.t('Those of the last {0} days', days),
      buttons,
    },
    { name: 'tagged', label: l10n.t('Those with a tag') },
    { name: 'staged', label: l10n.t('Those with a stage') },
    { name: 'best', label: l10n.t('The best of each model by each metric whose better way is known') },
  ];
}

async function askNumber(name: Edited, now: number): Promise<number | undefined> {
  const { l10n } = vscode;
  const text = await vscode.window.showInputBox({
    title: l10n.t('Free Space: Which Versions Stay'),
    prompt:
      name === 'last'
        ? l10n.t('How many of the newest versions of each model stay?')
        : l10n.t('The versions of how many days stay?'),
    value: String(now),
    ignoreFocusOut: true,
    validateInput: (value) =>
      /^[1-9]\d{0,5}$/.test(value.trim()) ? undefined : l10n.t('A whole number from 1'),
  });
  return text === undefined ? undefined : Number(text.trim());
}
