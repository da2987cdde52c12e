export function secretsIn(text: string): { line: number; name: string }[];
export function scan(folder: string): string[];
