/** The package ships no types for its main entry; this is what is used of it. */
declare module 'asl-validator' {
  function validate(definition: object): {
    readonly isValid: boolean;
    readonly errorsText: (separator?: string) => string;
  };
  export default validate;
}
