export interface WebviewPage {
  readonly language: string;
  readonly title: string;
  readonly scriptUri: string;
  readonly styleUri: string;
  /** The webview's own origin, as VS Code names it. */
  readonly cspSource: string;
  /** Unguessable, new for every page. */
  readonly nonce: string;
}

/** The whole page of a webview. It holds no data: what is to be shown comes in messages. */
export function webviewHtml(page: WebviewPage): string {
  const policy = `default-src 'none'; script-src 'nonce-${page.nonce}'; style-src ${page.cspSource}`;
  return `<!DOCTYPE html>
<html lang="${escapeHtml(page.language)}">
  <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="${escapeHtml(policy)}">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <link rel="stylesheet" href="${escapeHtml(page.styleUri)}">
    <title>${escapeHtml(page.title)}</title>
  </head>
  <body>
    <main id="root"></main>
    <script nonce="${escapeHtml(page.nonce)}" src="${escapeHtml(page.scriptUri)}"></script>
  </body>
</html>
`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
