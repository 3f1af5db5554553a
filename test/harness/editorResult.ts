/** What the suite inside the editor tells the process that started it, as JSON in the file MODELTRAIL_EDITOR_RESULT. */
export interface EditorResult {
  readonly passed: number;
  readonly failures: readonly { readonly title: string; readonly message: string }[];
}
