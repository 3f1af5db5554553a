import type { ScalarTag } from 'yaml';

/**
 * What PyYAML, by the rules of YAML 1.1, takes for a boolean or a number and YAML 1.2 does not, or for another number: a metrics
 * file means what the Python that trains reads in it. What only YAML 1.2 takes for a number, such as `1e-5`, which is text to
 * PyYAML, stays a number: nobody means text by it.
 */
export const pythonTags: readonly ScalarTag[] = [
  tag('bool', /^(?:yes|no|on|off|Yes|No|On|Off|YES|NO|ON|OFF)$/, (text) => /^(?:yes|on)$/i.test(text)),
  number('int', /^[-+]?0b_*[01][01_]*$/, (digits) => Number.parseInt(digits.slice(2), 2)),
  number('int', /^[-+]?0[0-7_]+$/, (digits) => Number.parseInt(digits, 8)),
  number('int', /^[-+]?[1-9][\d_]*$/, Number),
  number('int', /^[-+]?0x_*[\da-fA-F][\da-fA-F_]*$/, Number),
  number('int', /^[-+]?[1-9][\d_]*(?::[0-5]?\d)+$/, sexagesimal),
  number('float', /^[-+]?\d[\d_]*(?::[0-5]?\d)+\.[\d_]*$/, sexagesimal),
  number('float', /^[-+]?(?:\d[\d_]*\.|\.\d)[\d_]*(?:[eE][-+]\d+)?$/, Number),
];

function tag(name: string, test: RegExp, resolve: (text: string) => number | boolean): ScalarTag {
  return { tag: `tag:yaml.org,2002:${name}`, default: true, test, resolve };
}

function number(name: string, test: RegExp, valueOf: (digits: string) => number): ScalarTag {
  return tag(name, test, (text) => {
    const value = valueOf(text.replaceAll(/^[-+]|_/g, ''));
    return text.startsWith('-') ? -value : value;
  });
}

/** `1:30` is ninety. */
function sexagesimal(digits: string): number {
  return digits.split(':').reduce((value, part) => value * 60 + Number(part), 0);
}
