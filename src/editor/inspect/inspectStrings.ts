import { l10n } from 'vscode';
import type { InspectStrings } from '../../webview/inspect/messages.ts';

/** What the inspect editor says. Placeholders are filled in there. */
export function inspectStrings(): InspectStrings {
  return {
    ...ofModel(),
    ...ofTables(),
    ...ofTensors(),
    ...ofGraph(),
    ...ofTrees(),
  };
}

function ofModel() {
  return {
    workingCopy: l10n.t('Working copy'),
    trail: l10n.t('Versions'),
    trailHelp: l10n.t('Click or press Enter to show a version, with Shift to see what is different in it'),
    moreVersions: l10n.t('and {0} older versions'),
    isWorkingCopy: l10n.t('the same as the working copy'),
    diffWorkingCopy: l10n.t('Diff with Working Copy'),
    format: l10n.t('Format'),
    size: l10n.t('Size'),
    parameters: l10n.t('Parameters'),
    producer: l10n.t('Written by'),
    dtypes: l10n.t('Types of the parameters'),
    dtypeShare: l10n.t('Tensors: {0}. Elements: {1}. Size: {2}.'),
    other: l10n.t('other'),
    reading: l10n.t('Reading…'),
    readingBytes: l10n.t('{0} ({1} of {2})'),
    cancel: l10n.t('Cancel'),
    cancelled: l10n.t('Cancelled'),
    failedTitle: l10n.t('This file could not be read'),
    retry: l10n.t('Try Again'),
    reopen: l10n.t('Reopen Editor With…'),
    pointerTitle: l10n.t('This is a Git LFS pointer'),
    pointer: l10n.t(
      'The bytes of the model are not on this machine. “git lfs pull” brings them; versions above that are here can be shown all the same.',
    ),
    missingTitle: l10n.t('The file is not on the disk'),
    missing: l10n.t(
      'It was deleted, moved or renamed. The versions above can still be shown, and rolled back to.',
    ),
    missingBytesTitle: l10n.t('The bytes of this version are not on this machine'),
    unknownTitle: l10n.t('Nothing is known about this file'),
    unknown: l10n.t('It looks like this: {0}, {1}. Another editor may show more of it.'),
    emptyTitle: l10n.t('There is nothing in this model'),
    empty: l10n.t('It is a {0} file without tensors, settings or a graph that can be read.'),
    incomplete: l10n.t('Not all of this file could be read: it may hold more than is shown.'),
    findings: l10n.t('What is wrong with this file'),
    error: l10n.t('Error'),
    warning: l10n.t('Warning'),
    atByte: l10n.t('(at byte {0})'),
    moreFindings: l10n.t('Show {0} more'),
    fewerFindings: l10n.t('Show fewer'),
    sections: l10n.t('Parts of the model'),
    settings: l10n.t('Metadata'),
    graph: l10n.t('Graph'),
    trees: l10n.t('Trees'),
  };
}

function ofTables() {
  return {
    filterTensors: l10n.t('Filter by name or type'),
    filterSettings: l10n.t('Search names and values'),
    filterNodes: l10n.t('Filter by name, op or value'),
    filterFeatures: l10n.t('Filter by name'),
    nothingMatches: l10n.t('Nothing here has “{0}” in it.'),
    shownOf: l10n.t('{0} of {1}'),
    sortedUp: l10n.t('Sorted, smallest first'),
    sortedDown: l10n.t('Sorted, largest first'),
    name: l10n.t('Name'),
    close: l10n.t('Close'),
    copyName: l10n.t('Copy Name'),
    copyValue: l10n.t('Copy Value'),
    copyOrExport: l10n.t('Copy or Export'),
    copyCsv: l10n.t('Copy as CSV'),
    copyJson: l10n.t('Copy as JSON'),
    copied: l10n.t('Copied'),
    exportCsv: l10n.t('Export as CSV…'),
    exportJson: l10n.t('Export as JSON…'),
    saved: l10n.t('Saved'),
    setting: l10n.t('Name'),
    value: l10n.t('Value'),
    kind: l10n.t('Kind'),
    hyperparameters: l10n.t('Hyper-parameter'),
    metadata: l10n.t('Metadata'),
  };
}

function ofTensors() {
  return {
    tensors: l10n.t('Tensors'),
    dtype: l10n.t('Type'),
    shape: l10n.t('Shape'),
    share: l10n.t('Share'),
    scalar: l10n.t('scalar'),
    elements: l10n.t('Elements'),
    offset: l10n.t('Starts at byte'),
    sharesStorage: l10n.t('Same storage as'),
    statistics: l10n.t('Statistics'),
    magnitudes: l10n.t('The elements are complex: these are their magnitudes.'),
    readTensor: l10n.t('Read {0} for the Statistics'),
    min: l10n.t('Min'),
    max: l10n.t('Max'),
    mean: l10n.t('Mean'),
    standardDeviation: l10n.t('Std. deviation'),
    norm: l10n.t('L2 norm'),
    zeros: l10n.t('Zeros'),
    nan: l10n.t('NaN'),
    infinite: l10n.t('Infinite'),
    ofAll: l10n.t('{0} ({1})'),
    noNumbers: l10n.t('There is no finite number here.'),
    histogram: l10n.t('Histogram'),
    histogramLabel: l10n.t('Histogram of {0} bars from {1} to {2}: the arrow keys read it bar by bar.'),
    bin: l10n.t('{0} to {1}: {2} elements, {3}'),
    heatMap: l10n.t('Values'),
    heatMapLabel: l10n.t('Values of {0} rows and {1} columns: the arrow keys read them cell by cell.'),
    cell: l10n.t('{0}, {1}: {2}'),
    cellMean: l10n.t('{0}, {1}: {2} on average'),
    cellExtreme: l10n.t('{0}, {1}: {2} is farthest from zero'),
    rowsOf: l10n.t('row {0}'),
    columnsOf: l10n.t('column {0}'),
    oneOf: l10n.t('{0}'),
    rangeOf: l10n.t('{0} to {1}'),
    notFinite: l10n.t('no finite number'),
    plane: l10n.t('Index {0}'),
    reduceLabel: l10n.t('What a cell shows of its elements'),
    reduceMean: l10n.t('Mean of the cell'),
    reduceExtreme: l10n.t('Extreme of the cell'),
  };
}

function ofGraph() {
  return {
    inputs: l10n.t('Inputs'),
    outputs: l10n.t('Outputs'),
    opsets: l10n.t('Operator sets'),
    operators: l10n.t('Operators'),
    nodes: l10n.t('Nodes'),
    op: l10n.t('Operator'),
    attributes: l10n.t('Attributes'),
    list: l10n.t('List'),
    drawing: l10n.t('Drawing'),
    drawingOf: l10n.t('{0} of {1} nodes around the chosen one'),
    drawingLabel: l10n.t(
      'Drawing of {0} nodes: the arrow keys go along the lines, Enter draws what is around a node.',
    ),
    unnamed: l10n.t('without a name'),
    fromNode: l10n.t('from {0} {1}'),
    toNode: l10n.t('to {0} {1}'),
    zoomIn: l10n.t('Zoom In'),
    zoomOut: l10n.t('Zoom Out'),
  };
}

function ofTrees() {
  return {
    objective: l10n.t('Objective'),
    classes: l10n.t('Classes'),
    treesCount: l10n.t('Trees'),
    depth: l10n.t('Depth'),
    leaves: l10n.t('Leaves'),
    importance: l10n.t('Importance of the features'),
    feature: l10n.t('Feature'),
    gain: l10n.t('Gain'),
    splits: l10n.t('Splits'),
    perTree: l10n.t('Tree by tree'),
    treesLabel: l10n.t('Leaves and depth of {0} trees: the arrow keys go from tree to tree.'),
    treePoint: l10n.t('Tree {0}: {1} leaves, depth {2}'),
  };
}
