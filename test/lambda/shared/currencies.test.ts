import { minorUnitDigits } from '../../../lambda/shared/currencies';

it.each([
  ['EUR', 2],
  ['HUF', 2],
  ['IDR', 2],
  ['COP', 2],
  ['PKR', 2],
  ['RSD', 2],
  ['ALL', 2],
  ['LBP', 2],
  ['JPY', 0],
  ['KRW', 0],
  ['KWD', 3],
  ['CLF', 4],
])('%s has %i decimal places', (currency, digits) => {
  expect(minorUnitDigits(currency)).toBe(digits);
});

it.each(['XAU', 'XDR', 'XTS', 'XXX', 'eur', 'EUR ', 'ABC', '', 'toString'])(
  '%j is no currency with a minor unit',
  (code) => {
    expect(minorUnitDigits(code)).toBeUndefined();
  },
);

it('does not depend on the ICU data of the runtime', () => {
  const { Intl: original } = globalThis;
  try {
    Reflect.deleteProperty(globalThis, 'Intl');
    jest.isolateModules(() => {
      // oxlint-disable-next-line typescript/no-require-imports -- loads the module again, without Intl
      const again = require('../../../lambda/shared/currencies') as { minorUnitDigits: typeof minorUnitDigits };
      expect(again.minorUnitDigits('HUF')).toBe(2);
    });
  } finally {
    globalThis.Intl = original;
  }
});
