declare module 'asl-validator' {
  interface Validation {
    readonly isValid: boolean;
    readonly errorsText: () => string;
  }
  export default function validate(
    definition: object,
    options?: { checkPaths?: boolean; checkArn?: boolean },
  ): Validation;
}
