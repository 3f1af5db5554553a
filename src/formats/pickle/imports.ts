import * as l10n from '@vscode/l10n';
import type { PickleImport, PickleRecord } from './record.ts';

/** What importing and calling something would do. */
type Effect = 'programs' | 'code' | 'lookup' | 'unpickles' | 'files' | 'network' | 'system';

/** Modules of which nothing belongs into a model, with all that is below them. */
const modules: ReadonlyMap<string, Effect> = new Map([
  ...each(
    'programs',
    'os posix nt subprocess pty multiprocessing _posixsubprocess popen2 pexpect asyncio signal',
  ),
  ...each('programs', 'concurrent.futures distutils numpy.distutils mlflow.projects torch.utils.collect_env'),
  ...each(
    'code',
    'code codeop runpy marshal imp importlib zipimport site ctypes _ctypes cffi bdb pdb cProfile profile',
  ),
  ...each(
    'code',
    'trace timeit doctest unittest test pip ensurepip venv setuptools idlelib lib2to3 pydoc _pyrepl uuid',
  ),
  ...each(
    'code',
    '_osx_support _aix_support numpy.f2py torch.hub torch._dynamo torch._inductor _interpreters',
  ),
  ...each('code', 'torch.utils.bottleneck torch.utils._config_module torch.fx.experimental'),
  ...each('lookup', 'operator _operator pkgutil gc inspect'),
  ...each(
    'unpickles',
    'pickle _pickle dill cloudpickle shelve jsonpickle yaml joblib.numpy_pickle.load torch.serialization',
  ),
  ...each('files', 'shutil tempfile glob fileinput linecache tarfile zipfile sqlite3'),
  ...each(
    'network',
    'socket ssl http httplib urllib urllib2 urllib3 requests aiohttp ftplib smtplib imaplib poplib',
  ),
  ...each('network', 'telnetlib nntplib xmlrpc socketserver webbrowser'),
  ...each('system', 'sys platform'),
]);

/** Single functions and classes in modules that are harmless otherwise. */
const names: ReadonlyMap<string, Effect> = new Map([
  ...each('code', 'eval exec compile __import__ execfile apply input breakpoint', 'builtins.'),
  ...each('lookup', 'getattr setattr delattr globals locals vars map filter', 'builtins.'),
  ...each('files', 'open', 'builtins.'),
  ...each('code', 'CodeType FunctionType', 'types.'),
  ...each('lookup', 'partial reduce partialmethod', 'functools.'),
  ...each('files', 'open FileIO open_code', 'io.'),
  ...each('files', 'open FileIO open_code', '_io.'),
  ...each('files', 'logging.FileHandler logging.config'),
  ...each('code', 'numpy.testing._private.utils.runstring sympy.sympify pandas.eval'),
  ...each('unpickles', 'torch.load torch.storage._load_from_bytes pandas.read_pickle joblib.load numpy.load'),
  ...each('code', 'torch.jit.unsupported_tensor_ops.execWrapper'),
]);

/** Harmless parts of the modules above that models do hold. */
const harmless: ReadonlySet<string> = new Set([
  'joblib.numpy_pickle.NumpyArrayWrapper',
  'uuid.UUID',
  'operator.itemgetter',
  'torch.serialization._get_layout',
  'pickle.PickleBuffer',
]);

function each(effect: Effect, list: string, prefix = ''): readonly (readonly [string, Effect])[] {
  return list.split(' ').map((name) => [prefix + name, effect]);
}

/** What an import does that no model needs; undefined where nothing is known. Explains, and clears nothing: a list is never whole. */
function effectOf({ module, name }: Pick<PickleImport, 'module' | 'name'>): Effect | undefined {
  const whole = `${module}.${name}`;
  if (harmless.has(whole)) return undefined;
  const components = whole.split('.').slice(0, 64);
  for (let count = 1; count <= components.length; count++) {
    const prefix = components.slice(0, count).join('.');
    const effect = modules.get(prefix) ?? names.get(prefix);
    if (effect) return effect;
  }
  // An attribute of a harmless module can be another module: `pathlib` has `os.system`.
  const attributes = name.split('.').slice(0, 64);
  for (const [at, attribute] of attributes.length > 1 ? attributes.entries() : []) {
    const rest = attributes.slice(at).join('.');
    const effect = modules.get(attribute) ?? names.get(rest) ?? names.get(`builtins.${attribute}`);
    if (effect) return effect;
  }
  return attributes.some((attribute) => /^__(?!newobj)\w+__$/.test(attribute)) ? 'lookup' : undefined;
}

/** Lists what the pickles import, and warns of what runs code. */
export function noteImports({ imports, draft }: PickleRecord): void {
  if (imports.size === 0) return;
  const known = draft.metadata.get('imports')?.split(', ') ?? [];
  draft.metadata.set('imports', [...new Set([...known, ...imports.keys()])].sort().join(', '));
  for (const entry of imports.values()) {
    const effect = effectOf(entry);
    if (effect) draft.findings.warning(explain(effect, `${entry.module}.${entry.name}`), entry.offset);
  }
}

function explain(effect: Effect, name: string): string {
  switch (effect) {
    case 'programs':
      return l10n.t(
        'The file imports {0}, which runs programs. Loading the file in Python may run them.',
        name,
      );
    case 'code':
      return l10n.t('The file imports {0}, which runs code. Loading the file in Python may run it.', name);
    case 'lookup':
      return l10n.t(
        'The file imports {0}, which can call anything. Loading the file in Python may do so.',
        name,
      );
    case 'unpickles':
      return l10n.t('The file imports {0}, which reads pickles that are not checked here.', name);
    case 'files':
      return l10n.t(
        'The file imports {0}, which reads or writes files. Loading the file in Python may do so.',
        name,
      );
    case 'network':
      return l10n.t(
        'The file imports {0}, which uses the network. Loading the file in Python may do so.',
        name,
      );
    case 'system':
      return l10n.t('The file imports {0}, which reaches into Python itself.', name);
  }
}
