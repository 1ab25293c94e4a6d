package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
)

// container runs a worker in its image, with this program as its first process.
type container struct {
	tool, image string
	command     []string
}

var tools = []string{"docker", "podman"}

// containerOf asks the tool that is there for the image's own command where none is given.
func containerOf(image string, command []string) (c container, err error) {
	c = container{image: image, command: command}
	for _, tool := range tools {
		if path, err := exec.LookPath(tool); err == nil {
			c.tool = path
			break
		}
	}
	if c.tool == "" {
		return c, fmt.Errorf("--image needs %s, and neither is in PATH: install one (Debian: apt-get install podman), or try the command that the image runs without --image",
			strings.Join(tools, " or "))
	}
	if len(command) == 0 {
		c.command, err = c.own()
	}
	return c, err
}

// own is what the image runs by itself. The tool says it of images that are there, so they are pulled before.
func (c container) own() ([]string, error) {
	inspect := func() ([]byte, error) {
		return exec.Command(c.tool, "image", "inspect", "--format", "{{json .Config}}", c.image).Output()
	}
	text, err := inspect()
	if err != nil {
		if out, pulled := exec.Command(c.tool, "pull", "--quiet", c.image).CombinedOutput(); pulled != nil {
			return nil, fmt.Errorf("the image %s is not there: %s", c.image, strings.TrimSpace(string(out)))
		}
		if text, err = inspect(); err != nil {
			return nil, said(err)
		}
	}
	var config struct{ Entrypoint, Cmd []string }
	if err := json.Unmarshal(text, &config); err != nil {
		return nil, fmt.Errorf("what %s says of the image %s is not JSON: %w", c.tool, c.image, err)
	}
	command := append(config.Entrypoint, config.Cmd...)
	if len(command) == 0 {
		return nil, fmt.Errorf("the image %s has neither an entry point nor a command: give the worker's command behind --", c.image)
	}
	return command, nil
}

// said is what a tool wrote when it failed.
func said(err error) error {
	var exit *exec.ExitError
	if errors.As(err, &exit) && len(exit.Stderr) > 0 {
		return errors.New(strings.TrimSpace(string(exit.Stderr)))
	}
	return err
}

// shim starts this program in the container. The folder and the program are there under the names that they have here.
func (c container) shim(folder string, env []string) (*exec.Cmd, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	args := []string{"run", "--rm", "--volume", folder + ":" + folder, "--volume", self + ":" + self + ":ro", "--entrypoint", self}
	for _, variable := range env {
		args = append(args, "--env", variable)
	}
	args = append(append(args, c.image, "shim", "--"), c.command...)
	return exec.Command(c.tool, args...), nil
}
