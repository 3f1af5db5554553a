import * as l10n from '@vscode/l10n';
import { seriesColors } from '../theme.ts';
import { seriesLook } from './series.ts';
import type { CompareView } from './view.ts';

/** Which line is which model, by colour, dash and shape of the points. */
export function Legend({ view }: { view: CompareView }) {
  return (
    <ul class="legend" aria-label={l10n.t('Models')}>
      {view.models.map((model, index) => {
        const look = seriesLook(index);
        const color = { color: seriesColors[look.color] };
        return (
          <li key={index} title={model.path}>
            <span style={color} aria-hidden="true">
              <svg width="28" height="10" viewBox="0 0 28 10">
                <line
                  x1="0"
                  x2="28"
                  y1="5"
                  y2="5"
                  stroke="currentColor"
                  stroke-width="2"
                  stroke-dasharray={look.dash.join(' ')}
                />
              </svg>{' '}
              {look.glyph}
            </span>{' '}
            {model.label}
          </li>
        );
      })}
    </ul>
  );
}
