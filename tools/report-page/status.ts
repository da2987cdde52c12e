import { markup, type Markup } from './markup';
import type { Status } from './results';

const shown = {
  passed: ['✓', 'Passed'],
  failed: ['✗', 'Failed'],
  skipped: ['–', 'Skipped'],
  idle: ['–', 'Not run'],
} as const;

/** Result as a sign, a word and a color. */
export function badge(status: Status): Markup {
  const [sign, word] = shown[status];
  return markup`<span class="badge ${status}"><span aria-hidden="true">${sign}</span> ${word}</span>`;
}

/** Result as a sign for lists, with a word for screen readers. */
export function mark(status: Status, word: string = shown[status][1]): Markup {
  const [sign] = shown[status];
  return markup`<span class="mark ${status}"><span aria-hidden="true">${sign}</span><span class="hidden">${word}: </span></span>`;
}
