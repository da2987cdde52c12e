/** A state that calls a service itself, and what becomes of an order that it fails. */
export interface DirectFault {
  readonly state: string;
  readonly paymentMethod: string;
  readonly inStock: number;
  readonly expected: { status: string; charges: number; refunds: number; taken: number };
}

const paid = { paymentMethod: 'pm-visa', inStock: 10 };
const declined = { paymentMethod: 'pm-declined', inStock: 10 };
const done = { charges: 1, refunds: 0, taken: 2 };
const untouched = { charges: 0, refunds: 0, taken: 0 };

/** Nothing that was done is undone: what is missing is the word about it, which a person adds by a redrive. */
export const marks: readonly DirectFault[] = [
  { state: 'Mark the order confirmed', ...paid, expected: { status: 'needs-attention', ...done } },
  { state: 'Mark the order ended', ...declined, expected: { status: 'needs-attention', ...untouched } },
  {
    state: 'Mark the order as needing attention',
    paymentMethod: 'pm-visa',
    inStock: 0,
    expected: { status: 'needs-attention', charges: 1, refunds: 0, taken: 0 },
  },
];
export const announcements: readonly DirectFault[] = [
  { state: 'Announce the confirmed order', ...paid, expected: { status: 'confirmed', ...done } },
  { state: 'Announce how it ended', ...declined, expected: { status: 'rejected', ...untouched } },
];
