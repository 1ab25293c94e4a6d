declare module '#imports' {
  export * from 'podwork'
}
