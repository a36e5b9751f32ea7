// Package generate writes the SDK of a package with one of several generators.
package generate

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"
)

// Tool is what generated files say wrote them.
const Tool = "pulumi-language"

// Generator gives the files of an SDK, by path.
type Generator func(*schema.Package) (map[string][]byte, error)

// Main runs PROGRAM LANGUAGE SCHEMA FOLDER.
func Main(generators map[string]Generator) {
	if err := generate(generators, os.Args[1], os.Args[2], os.Args[3]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func generate(generators map[string]Generator, language, schemaFile, folder string) error {
	generator, ok := generators[language]
	if !ok {
		return fmt.Errorf("there is no generator for %q", language)
	}
	text, err := os.ReadFile(schemaFile)
	if err != nil {
		return err
	}
	var spec schema.PackageSpec
	if err := json.Unmarshal(text, &spec); err != nil {
		return err
	}
	pkg, diagnostics, err := schema.BindSpec(spec, schema.NewNullLoader(), schema.ValidationOptions{})
	if err != nil {
		return err
	}
	if diagnostics.HasErrors() {
		return diagnostics
	}
	files, err := generator(pkg)
	if err != nil {
		return err
	}
	for name, text := range files {
		file := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(file, text, 0o644); err != nil {
			return err
		}
	}
	return nil
}
